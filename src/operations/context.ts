/** What the verbs get as arguments; opened in `app/` alone. */
import type { Apt } from "../clients/index.ts";
import type { MirrorConfig } from "../config/index.ts";
import type { HistoryAction, HistoryEntry, HistoryReader } from "../history/index.ts";
import type { MirrorLayout } from "../layout.ts";
import type { DecoderCommands } from "../platform/decompress/decompress.ts";
import type { InvokerFiles } from "../platform/invoker-files.ts";
import type { Lock } from "../platform/locks/lock.ts";
import type { Programs } from "../platform/machine/programs.ts";
import type { Publisher, WorkingMirror } from "../publish/index.ts";
import type { MirrorNews } from "../report/events.ts";
import type { Sha256 } from "../repository/index.ts";
import type { SnapshotCatalog } from "../snapshot/index.ts";
import type {
  ChangelogCache,
  FirstSeen,
  InstallabilityMemory,
  ObjectStore,
  SweepReport,
  SyncMemory,
} from "../store/index.ts";

/** One mirror, as every verb sees it. */
export interface MirrorContext {
  readonly mirror: MirrorConfig;
  readonly layout: MirrorLayout;
  readonly catalog: SnapshotCatalog;
  readonly publisher: Publisher;
  readonly working: WorkingMirror;
  readonly memory: SyncMemory;
  readonly firstSeen: FirstSeen;
  readonly installability: InstallabilityMemory;
  readonly objects: ObjectStore;
  readonly changelogCache: ChangelogCache;
  readonly decoderCommands: DecoderCommands;
  /** Keys, certificates and passwords. */
  readonly invokerFiles: InvokerFiles;
  readonly programs: Programs;
  /** Opens the apt of this machine, to run it as a client. */
  openApt(): Promise<Apt>;
  /** The directory for temporary files. */
  readonly tempDir: string;
  /** The user, as the history names them. */
  readonly who: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly emit: (news: MirrorNews) => void;
  /** Takes the lock of the working mirror; rejects at once with LockError, which names the holder. */
  lockWorkingMirror(verb: string): Promise<Lock>;
  /** Takes the lock of snapshots and links. Nobody holds it for long, so this waits: two seconds, or `waitMs`. */
  lockSnapshots(verb: string, waitMs?: number): Promise<Lock>;
  /** Takes the lock of exports into a directory, by its real path; rejects at once, as for the working mirror. */
  lockExport(directory: string): Promise<Lock>;
  /**
   * Writes a line of history. A line that cannot be written is a warning, not a failure of what was recorded, and its error is
   * returned.
   */
  record(line: NewLine): Promise<{ readonly error: unknown } | undefined>;
  /** Writes that something begins, so that a run that is cut off leaves a trace. */
  begin(line: Omit<NewLine, "result"> & { readonly at?: Date | undefined }): Promise<HistoryEntry>;
  /** Writes how it ended; as for `record`. */
  end(begun: HistoryEntry, how: Pick<HistoryEntry, "result" | "detail">): Promise<void>;
  readonly history: HistoryReader;
  /** Frees the objects that no tree of any mirror holds any longer: of all, or of `some`. */
  sweep(some?: Iterable<Sha256>): Promise<SweepReport>;
  /** Opens another mirror of the configuration. */
  other(id: string): MirrorContext;
}

/** A line of the history as an operation writes it. */
type NewLine = Omit<HistoryEntry, "at" | "mirror" | "who" | "action"> & { readonly action: HistoryAction };

/** The ports of a mirror that a function uses. */
export type Ports<Name extends keyof MirrorContext> = Pick<MirrorContext, Name>;
