import { whyUnreadable } from "../../errors.ts";
import { NotifyError } from "../../notify/index.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";

const lengthMax = 8192;

/** Reads a file that has a secret alone. Throws NotifyError, which does not show it. */
export function readSecret(files: InvokerFiles, path: string): string {
  const text = readNotifyFile(files, path).trim();
  if (text !== "" && text.length <= lengthMax && !/\s/.test(text)) return text;
  throw new NotifyError(`${path} is not one word alone, as a URL or a secret is`);
}

/** Reads a file that a [[notify]] table names. Throws NotifyError. */
export function readNotifyFile(files: InvokerFiles, path: string): string {
  try {
    return files.read(path).toString("utf8");
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new NotifyError(`cannot read ${path}: ${reason}`, { cause: error });
  }
}
