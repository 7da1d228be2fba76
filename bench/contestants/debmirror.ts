import { join } from "node:path";
import { suite } from "../upstream/upstream.ts";
import type { Assignment, Tool } from "./tool.ts";

/** Downloads one file after the other. */
export function debmirror({ dir, url, keyFile }: Assignment): Tool {
  const options = {
    host: new URL(url).host,
    root: "/",
    method: "http",
    dist: suite,
    section: "main",
    arch: "amd64",
    keyring: keyFile("gpg"),
    diff: "none",
    "rsync-extra": "none",
  };
  const sync = {
    argv: [
      "debmirror",
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
      "--nosource",
      join(dir, "mirror"),
    ],
    env: { GNUPGHOME: dir },
  };
  return { name: "debmirror", setUp: () => undefined, firstSync: sync, update: sync };
}
