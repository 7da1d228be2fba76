import { commonSettings, isOn, notNeeded, type SettingsTable } from "../apt-mirror/apt-mirror-settings.ts";

const own = notNeeded("about the way apt-mirror2 works");
const guard = {
  kind: "changed",
  means: "[gates] max_removed_percent keeps such a snapshot from production: see docs/gates.md",
} as const;

/** Copies the path of a certificate or a key, unless nothing is set. */
const tlsPath =
  (key: string): SettingsTable[string] =>
  (value, { tls }) => {
    if (value === "") return notNeeded("nothing is set");
    tls[key] = value;
    return { kind: "imported", means: `[tls] ${key}` };
  };

/** What apt-mirror2 knows beyond apt-mirror, or means otherwise. */
export const settings2: SettingsTable = {
  ...commonSettings,
  gpg_verify: (value) =>
    isOn(value)
      ? { kind: "imported", means: "every signature is checked, as with gpg_verify force" }
      : {
          kind: "changed",
          means: "every signature is checked: there is no switch, but no_pgp_check for a mirror",
        },
  etc_netrc: (value) => ({
    kind: "changed",
    means: `passwords come from auth.conf beside the configuration of mirrorctl, in the same format: copy what is needed of ${value}`,
  }),
  etc_trusted: () => ({ kind: "changed", means: "name it in pgp_key_path, if its keys sign an upstream" }),
  etc_trusted_parts: () => ({
    kind: "changed",
    means: "without pgp_key_path, apt's own keys are trusted; name others there",
  }),
  ca_certificate: tlsPath("ca_cert_file"),
  certificate: tlsPath("client_cert_file"),
  private_key: tlsPath("client_key_file"),
  http_user_agent: () => ({ kind: "dropped", means: "the User-Agent cannot be set" }),
  prometheus_enable: (value) =>
    isOn(value)
      ? { kind: "changed", means: "[metrics] textfile, or mirrorctl metrics: see docs/monitoring.md" }
      : notNeeded("no metrics are shown"),
  prometheus_host: () => own,
  prometheus_port: () => own,
  wipe_size_ratio: () => guard,
  wipe_count_ratio: () => guard,
  slow_rate_protection: () => own,
  slow_rate_startup: () => own,
  slow_rate: () => own,
  weak_size_check: () => notNeeded("sizes and digests are always checked"),
  check_hashes: () => notNeeded("sizes and digests are always checked"),
  release_files_retries: () => own,
  use_dists_move: () => own,
  write_file_lists: () => own,
  append_logs: () => own,
  uvloop: () => own,
};
