/**
 * Configurations of other tools, read as data and never run. Pure: text in, a draft and remarks out. What cannot be
 * taken over is named with its line.
 */
export { importAptMirror } from "./apt-mirror.ts";
export { importAptly } from "./aptly.ts";
export { importDebmirrorArguments, importDebmirrorFile } from "./debmirror.ts";
export { ImportError } from "./errors.ts";
export { formatAuth } from "./format-auth.ts";
export { formatConfig } from "./format-config.ts";
export type { Imported, Remark } from "./imported.ts";
