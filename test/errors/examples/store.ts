import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openHistory } from "../../../src/history/index.ts";
import type { MirrorContext } from "../../../src/operations/context.ts";
import { flushFileSystems } from "../../../src/platform/flushing/flush-file-systems.ts";
import { acquireLock } from "../../../src/platform/locks/lock.ts";
import { diskParent, temporaryDirectory } from "../../support/index.ts";
import { type Example, failedSync, Stage } from "../stage.ts";

const { signal } = new AbortController();
const patience = { pause: () => Promise.resolve(), signal };
const lock = { holder: "ada", what: "mirror debian" };

const historyOf = ({ bed }: Stage): string => `${bed.dir}/.mirrorctl/state/history.db`;

/** Does something with a mirror whose history is what `make` makes at its path. */
const withHistory =
  (make: (path: string) => void, work: (stage: Stage) => Promise<unknown>): Example =>
  async () => {
    await using stage = await Stage.open();
    await stage.sync();
    await stage.snapshot("one", true);
    make(historyOf(stage));
    await work(stage);
  };

const readHistory = (stage: Stage): Promise<unknown> =>
  openHistory(historyOf(stage), patience).list({ mirror: "debian" });

const record = (stage: Stage): Promise<unknown> =>
  openHistory(historyOf(stage), patience).record({
    at: stage.now,
    mirror: "debian",
    action: "sync",
    who: "ada",
    result: "done",
  });

function makeNewer(path: string): void {
  using database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 99");
}

/** Does the work while the disk, as `sync` reports it, loses what was written to the stage. Other stages run meanwhile. */
async function losingWrites(stage: Stage, work: () => Promise<unknown>): Promise<void> {
  const { bed } = stage;
  const commands = bed.join("commands");
  const path = process.env["PATH"] ?? "";
  mkdirSync(commands);
  writeFileSync(
    `${commands}/sync`,
    `#!/bin/sh
case "$2" in
"${bed.dir}"/*) echo "sync: error syncing '$2': Input/output error" >&2; exit 1 ;;
*) PATH="${path}" exec sync "$@" ;;
esac
`,
    { mode: 0o755 },
  );
  process.env["PATH"] = `${commands}:${path}`;
  try {
    await work();
  } finally {
    process.env["PATH"] = path;
  }
}

/** Where this is a test, a sync flushes nothing (test/support/nothing-to-flush.setup.ts). */
const flushShown = ({ working }: MirrorContext): Promise<void> =>
  flushFileSystems([working.current()?.path ?? ""], signal);

export const storeExamples: Readonly<Record<string, Example>> = {
  "store/DISK_FULL": failedSync(undefined, {
    ports: { freeSpace: () => ({ bytes: 1_000, inodes: undefined }) },
  }),
  "store/NO_HARD_LINKS": async () => {
    await using stage = await Stage.open();
    await using elsewhere = await temporaryDirectory("mirrorctl-test-", diskParent);
    mkdirSync(`${stage.bed.dir}/.mirrorctl`, { recursive: true });
    symlinkSync(elsewhere.path, `${stage.bed.dir}/.mirrorctl/trees`);
    await stage.sync();
  },
  "store/TEMPORARY_IN_DIR": async () => {
    await using stage = await Stage.open();
    mkdirSync(stage.bed.dir);
    stage.configure({ host: { tempDir: stage.bed.dir } });
    const { outcomes } = await stage.run((run) => run.dryRun([], { noPgpCheck: false }));
    for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
  },
  "store/WRITE_LOST": async () => {
    await using stage = await Stage.open();
    await stage.sync();
    await losingWrites(stage, () => stage.with(flushShown));
  },
  "store/NOT_OWNER": async () => {
    await using stage = await Stage.open();
    await stage.sync();
    stage.configure({ host: { uid: 12_345 } });
    await stage.snapshot("one");
  },
  "store/NOT_WRITABLE": async () => {
    await using stage = await Stage.open();
    const path = stage.bed.join("debian.lock");
    symlinkSync("/nonexistent/debian.lock", path);
    acquireLock(path, lock);
  },
  "store/CANNOT_OPEN": async () => {
    await using stage = await Stage.open();
    const path = stage.bed.join("debian.lock");
    mkdirSync(path);
    acquireLock(path, lock);
  },
  "store/HISTORY_DAMAGED": withHistory((path) => writeFileSync(path, "x".repeat(4_096)), readHistory),
  "store/HISTORY_CLOSED": async () => {
    await using stage = await Stage.open();
    mkdirSync(historyOf(stage), { recursive: true });
    await readHistory(stage);
  },
  "store/HISTORY_NEWER": withHistory(makeNewer, record),
  "store/APPROVAL_UNRECORDED": withHistory(makeNewer, (stage) =>
    stage.run((run) => run.approve("debian", {})),
  ),
};
void dirname;
