import { ConfigError } from "./errors.ts";

/** Reads the value of an option of a command, such as "--since". The error of a wrong value begins with the option. */
export function readOption<Value>(option: string, text: string, read: (text: string) => Value): Value {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.code, `${option}: ${error.message}`, {
      facts: { ...error.facts, option },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error.cause,
    });
  }
}
