/** Replaces what differs from run to run in the texts of errors, so that a page of them stays the same. */
export function steadyText(text: string): string {
  return replacements.reduce((changed, [pattern, steady]) => changed.replace(pattern, steady), text);
}

const replacements: readonly (readonly [RegExp, string])[] = [
  [/\/(?:dev\/shm|tmp)\/mirrorctl-test-[\w-]+\/upstream/g, "/srv/upstream"],
  [/\/(?:dev\/shm|tmp)\/mirrorctl-test-[\w-]+\/www/g, "/var/lib/mirrorctl"],
  [/\/(?:dev\/shm|tmp)\/mirrorctl-test-[\w-]+/g, "/etc/mirrorctl"],
  [/http:\/\/127\.0\.0\.1:9\b/g, "http://proxy.example.org:3128"],
  [/http:\/\/127\.0\.0\.1:\d+/g, "http://deb.example.org"],
  [/https:\/\/127\.0\.0\.1:\d+/g, "https://deb.example.org"],
  [/127\.0\.0\.1:\d+/g, "192.0.2.1:443"],
  [/\b[0-9A-F]{40}\b/g, "B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8"],
  [/0x[0-9A-F]{16}\b/g, "0xB7C5D7D6350947F8"],
  [/"=\S{4}"/g, '"=AAAA"'],
  [/\b\d+ bytes a second/g, "300 bytes a second"],
  [/\b[\d.]+ [kMGT]B\b/g, "1.2 GB"],
  // The user of this process may have no name.
  [/belongs to (?:uid )?\S+,/g, "belongs to mirrorctl,"],
  [/sudo -u \S+/g, "sudo -u mirrorctl"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "2026-05-04T03:02:01Z"],
];
