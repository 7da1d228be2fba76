import { checkLines } from "./test-support.ts";

checkLines([
  [
    `WARN  ubuntu-noble: upstream lists 12 files that it does not have as listed:\n${"a.deb: 404 (listed in Packages)\n".repeat(10)}and 2 more, which --json lists\npublished without them, because allow_missing is set`,
    {
      type: "files-missing",
      files: Array.from({ length: 12 }, () => ({
        path: "a.deb",
        listedIn: "Packages",
        problem: "a.deb: 404",
      })),
    },
  ],
  [
    "WARN  2 packages are left out: listed under a path that is not UTF-8; clients that ask for it get 404:\n" +
      "Packages:7: one 1.0: pool/%E9%20x.deb\nPackages:9: two 2.0: pool/%FF",
    {
      type: "packages-unnamed",
      packages: [
        { source: "Packages", line: 7, name: "one", version: "1.0", path: "pool/\u00e9 x.deb" },
        { source: "Packages", line: 9, name: "two", version: "2.0", path: "pool/\u00ff" },
      ],
    },
  ],
  [
    "INFO  Downloading 3 files (1.5 MB), 2 held already",
    { type: "transfer-planned", files: 3, sizeBytes: 1_500_000, heldFiles: 2 },
  ],
  ["INFO  Downloading 1 file (1 B)", { type: "transfer-planned", files: 1, sizeBytes: 1, heldFiles: 0 }],
  [
    "INFO  No files to download, 7 held already",
    { type: "transfer-planned", files: 0, sizeBytes: 0, heldFiles: 7 },
  ],
  [
    "WARN  GET http://u/a: connection reset, trying again in 1.5 s",
    {
      type: "request-retried",
      url: "http://u/a",
      reason: "GET http://u/a: connection reset",
      attempt: 1,
      waitMs: 1500,
    },
  ],
  [
    "WARN  GET http://u/a: no answer; asking http://v/ instead",
    {
      type: "request-retried",
      url: "http://u/",
      reason: "GET http://u/a: no answer",
      attempt: 1,
      waitMs: 0,
      next: "http://v/",
    },
  ],
  ["INFO  Freed 12.0 kB in 1 file", { type: "space-freed", objects: 1, sizeBytes: 12_000 }],
  ["DEBUG fetched pool/a.deb (5 B)", { type: "file-fetched", path: "pool/a.deb", sizeBytes: 5 }],
  [
    "DEBUG linked pool/a.deb, whose bytes came meanwhile",
    { type: "file-linked", path: "pool/a.deb", sizeBytes: 5 },
  ],
  [
    "WARN  stable: upstream lists but does not have main/i18n/Translation-en",
    { type: "indices-left-out", suite: "stable", because: "absent", names: ["main/i18n/Translation-en"] },
  ],
  [
    "WARN  stable: listed without SHA-256 and SHA-512, and so left out: 6 indices: a, b, c, d, e and 1 more",
    { type: "indices-left-out", suite: "stable", because: "weak", names: ["a", "b", "c", "d", "e", "f"] },
  ],
  [
    "WARN  stable: not as it is listed, and so left out: a",
    { type: "indices-left-out", suite: "stable", because: "different", names: ["a"] },
  ],
  [
    "DEBUG filters leave out 2 packages; clients that request one get 404",
    { type: "packages-filtered", packages: 2 },
  ],
  [
    "DEBUG a: wrong digest; asking again, past the caches on the way",
    { type: "caches-bypassed", reason: "a: wrong digest" },
  ],
  [
    "DEBUG http://a: answers take 90 ms to begin: up to 10 requests are sent ahead of them",
    { type: "pipelining-started", origin: "http://a", roundTripMs: 90, depth: 10 },
  ],
  [
    "DEBUG http://a: no more requests are sent ahead of answers: closed",
    { type: "pipelining-ended", origin: "http://a", reason: "closed" },
  ],
  [
    "WARN  not counted, because SHA256SUMS has no sizes: 1 installer image",
    { type: "images-uncounted", images: 1 },
  ],
]);
