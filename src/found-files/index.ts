/**
 * Files that lie on this disk already and may be used in place of downloads: walks them, and finds which of them may be which
 * wanted file. Changes nothing. The digests of what is read decide what they are.
 */
export { type SoughtContent, SoughtFiles } from "./sought-files.ts";
export { DirectoryWalk, type FoundFile, type WalkOptions } from "./walk-directories.ts";
