import { normalize, resolve } from "node:path";
import { valueInvalid } from "../errors.ts";

/** The base directories of "~" and of relative paths in a configuration file. */
export interface PathBase {
  readonly homeDir: string;
  /** The folder of the configuration file. */
  readonly configDir: string;
}

/** Returns the text if it is an absolute path other than "/", also with "~". */
export function parseAbsolutePath(text: string): string {
  const isAbsolute = text.startsWith("/") || startsAtHome(text);
  if (!isAbsolute || !isPath(text) || normalize(text) === "/") throw valueInvalid(text, absolutePathType);
  return text;
}

/** Returns the text if it can name a file. */
export function parseFilePath(text: string): string {
  if (!isPath(text)) throw valueInvalid(text, filePathType);
  return text;
}

export const absolutePathType = 'an absolute path other than "/" (or one from "~/")';
export const filePathType = "the path of a file";

/** Returns the absolute, normalised path of a checked text, without a final slash. */
export function expandPath(text: string, base: PathBase): string {
  return startsAtHome(text) ? resolve(base.homeDir, `.${text.slice(1)}`) : resolve(base.configDir, text);
}

function startsAtHome(text: string): boolean {
  return text === "~" || text.startsWith("~/");
}

/** Refuses the home of another user ("~name/…"): nobody means a directory called "~name". */
function isPath(text: string): boolean {
  return text !== "" && !text.includes("\0") && (startsAtHome(text) || !text.startsWith("~"));
}
