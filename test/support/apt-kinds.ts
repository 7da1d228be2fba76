import { existsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The apt of this machine (2.6 on Debian 12), of Debian 13 (3.0, which checks signatures with sqv), and of forky (3.3). */
export const aptKinds = ["host", "trixie", "forky"] as const;

export type AptKind = (typeof aptKinds)[number];

const roots = join(import.meta.dirname, "../../.cache/roots");

/**
 * Returns the command line that runs an apt tool in `cwd`. A newer apt runs inside its root directory, and temporary
 * files have the same paths there as outside. The mounts are in a separate namespace, which ends with the process.
 */
export function aptCommand(kind: AptKind, command: readonly string[], cwd: string): readonly string[] {
  if (kind === "host") return command;
  const root = join(roots, kind);
  if (!existsSync(root)) throw new Error(`${root} is missing: scripts/client-roots.sh makes it`);
  const asUser = userInfo().uid === 0 ? [] : ["--map-root-user"];
  return [
    "unshare",
    "--mount",
    ...asUser,
    "--",
    "sh",
    "-c",
    enterRoot,
    "sh",
    root,
    tmpdir(),
    "/dev", // with /dev/shm, which has the temporary directories of tests
    cwd,
    ...command,
  ];
}

const enterRoot = `root=$1 cwd=$4
for shared in "$2" "$3"; do
  [ -d "$root$shared" ] || mkdir -p "$root$shared"
  mount --rbind "$shared" "$root$shared" || exit
done
shift 4
exec unshare --root="$root" --wd="$cwd" -- "$@"`;
