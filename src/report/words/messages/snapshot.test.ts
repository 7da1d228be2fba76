import { checkLines, name } from "./test-support.ts";

checkLines([
  [
    "INFO  2025-10-14T15-45-30Z is in staging of ubuntu-noble already: nothing changes",
    { type: "staging-unchanged", name },
  ],
  [
    "INFO  The name 2026-05-04 was used for other contents: this snapshot is 2026-05-04-2",
    { type: "snapshot-name-taken", taken: "2026-05-04", name: "2026-05-04-2", kept: undefined },
  ],
  [
    "INFO  Snapshot 2026-05-04 is in production and is not replaced: this snapshot is 2026-05-04-2",
    {
      type: "snapshot-name-taken",
      taken: "2026-05-04",
      name: "2026-05-04-2",
      kept: { kind: "in-production" },
    },
  ],
  [
    "INFO  Snapshot created successfully - copied 2.0 GB, because it is on another file system than dir",
    { type: "snapshot-created", name, how: "copied", sizeBytes: 2e9 },
  ],
  [
    "WARN  Link removed: staging of ubuntu-noble no longer leads to 2025-10-14T15-45-30Z",
    { type: "link-removed", link: "staging", name },
  ],
  [
    "ERROR Cannot delete snapshot 2025-10-14T15-45-30Z: disk on fire",
    { type: "snapshot-delete-failed", name, error: new Error("disk on fire") },
  ],
]);
