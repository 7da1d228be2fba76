import { DirectoryWalk } from "../../../found-files/index.ts";
import type { Ports } from "../../context.ts";

/** Opens a walk through directories of this disk, without mirrorctl's own. Warns of those that cannot be read. */
export const openWalk = (
  { layout, mirror, emit }: Ports<"layout" | "mirror" | "emit">,
  directories: readonly string[],
): DirectoryWalk =>
  new DirectoryWalk(directories, {
    without: [layout.dir, mirror.snapshot.path],
    onUnreadable: (directory, code) => emit({ type: "found-directory-unreadable", directory, code }),
  });
