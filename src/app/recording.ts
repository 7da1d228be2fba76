import type { History, HistoryEntry } from "../history/index.ts";
import type { MirrorContext } from "../operations/context.ts";
import { messageOf } from "../report/errors.ts";

export interface Recorder {
  readonly mirror: string;
  readonly who: string;
  readonly now: () => Date;
  readonly emit: MirrorContext["emit"];
}

/** Writes the history of one mirror in one run. A line that cannot be written is a warning, given once for each cause. */
export function recordingOf(
  history: History,
  { mirror, who, now, emit }: Recorder,
): Pick<MirrorContext, "record" | "begin" | "end"> {
  let reported: string | undefined;
  const write = async (entry: HistoryEntry): Promise<{ readonly error: unknown } | undefined> => {
    try {
      await history.record(entry);
      return undefined;
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== reported) emit({ type: "history-unwritten", error });
      reported = reason;
      return { error };
    }
  };
  const entryOf = (line: Omit<HistoryEntry, "at" | "mirror" | "who">): HistoryEntry => ({
    at: now(),
    mirror,
    who,
    ...line,
  });
  return {
    record: (line) => write(entryOf(line)),
    async begin({ at = now(), ...line }) {
      const begun: HistoryEntry = { ...entryOf({ ...line, result: "begun" }), at };
      await write(begun);
      return begun;
    },
    async end(begun, how) {
      await write({ ...begun, ...how });
    },
  };
}
