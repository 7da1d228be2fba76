import { createLog } from "../report/log.ts";
import type { Caller } from "./shared.ts";

/** The end of the log of a run, whatever level and form its caller logs in. */
interface LogTail {
  /** What the run works for, so that its events are heard here too. */
  readonly caller: Caller;
  text(): string;
}

const charactersMax = 20_000;

export function logTailOf(caller: Caller, now: () => Date): LogTail {
  let text = "";
  const log = createLog({
    level: "info",
    format: "plain",
    colour: false,
    verboseErrors: false,
    needsName: () => true,
    now,
    write: (line) => {
      text = (text + line).slice(-charactersMax);
    },
  });
  return {
    caller: {
      ...caller,
      emit(event) {
        log.emit(event);
        caller.emit(event);
      },
    },
    text: () => text,
  };
}
