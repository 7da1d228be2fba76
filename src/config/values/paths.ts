import { normalize, resolve } from "node:path";
import { valueInvalid } from "../errors.ts";

/** Where "~" and relative paths of a configuration file lead. */
export interface PathBase {
  readonly homeDir: string;
  /** The folder of the configuration file. */
  readonly configDir: string;
}

/** Returns the text when it names an absolute path other than "/", in full or from "~". */
export function parseAbsolutePath(text: string): string {
  const isAbsolute = text.startsWith("/") || startsAtHome(text);
  if (!isAbsolute || !isPath(text) || normalize(text) === "/") throw valueInvalid(text, absolutePathType);
  return text;
}

/** Returns the text when it can name a file. */
export function parseFilePath(text: string): string {
  if (!isPath(text)) throw valueInvalid(text, filePathType);
  return text;
}

export const absolutePathType = 'an absolute path (or one from "~/")';
export const filePathType = "the path of a file";

/** The absolute, normalised path that a checked text means; no slash at its end. */
export function expandPath(text: string, base: PathBase): string {
  return startsAtHome(text) ? resolve(base.homeDir, `.${text.slice(1)}`) : resolve(base.configDir, text);
}

function startsAtHome(text: string): boolean {
  return text === "~" || text.startsWith("~/");
}

/** The home of another user ("~name/…") is refused: taking it for a folder called "~name" is what nobody means. */
function isPath(text: string): boolean {
  return text !== "" && !text.includes("\0") && (startsAtHome(text) || !text.startsWith("~"));
}
