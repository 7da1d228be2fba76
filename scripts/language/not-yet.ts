/**
 * Folders whose words are not checked yet: everything below a folder, or with `/*` only the files in it. Remove a line when
 * its folder is clean.
 */
export const notYet: readonly string[] = [
  "ARCHITECTURE.md",
  "docs/commands.md",
  "src/*",
];
