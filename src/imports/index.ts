/**
 * Configurations of other tools, read as data and never run. Pure: text in, a draft and remarks out. What cannot be
 * taken over is named with its line.
 */
export { importAptMirror } from "./apt-mirror/apt-mirror.ts";
export { importAptMirror2 } from "./apt-mirror2/apt-mirror2.ts";
export { importAptly } from "./aptly/aptly.ts";
export { importDebmirror } from "./debmirror/debmirror.ts";
export { formatAuth } from "./drafts/format-auth.ts";
export type { Imported, Remark } from "./drafts/imported.ts";
export type { Place } from "./drafts/place.ts";
export { ImportError } from "./errors.ts";
export { type GoConfig, importMirrorctlGo } from "./mirrorctl-go/mirrorctl-go.ts";
export type { NamedText } from "./named-text.ts";
export { filterListNames, importReprepro } from "./reprepro/reprepro.ts";
