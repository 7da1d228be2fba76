import { join } from "node:path";

/** Where a private root has what apt reads and writes. */
export type RootPaths = ReturnType<typeof rootPaths>;

export const rootPaths = (root: string) => ({
  root,
  conf: join(root, "apt.conf"),
  etc: join(root, "etc"),
  sources: join(root, "etc/sources.list.d/mirrors.sources"),
  preferences: join(root, "etc/preferences.d/left-out"),
  keys: join(root, "keys"),
  /** Links to trees, by the id of the mirror. */
  mirrors: join(root, "mirrors"),
  state: join(root, "state"),
  lists: join(root, "state/lists"),
  status: join(root, "state/status"),
  extendedStates: join(root, "state/extended_states"),
  cache: join(root, "cache"),
  log: join(root, "log"),
  tmp: join(root, "tmp"),
  variants: join(root, "varianttable"),
});

/** The directories that apt expects below a private root, and the others of `rootPaths`. */
export const rootDirectories = [
  "etc/apt.conf.d",
  "etc/auth.conf.d",
  "etc/preferences.d",
  "etc/sources.list.d",
  "etc/trusted.gpg.d",
  "state/lists/partial",
  "cache/archives/partial",
  "log",
  "keys",
  "mirrors",
  "tmp",
] as const;
