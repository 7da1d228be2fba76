import { join } from "node:path";
import { inodeIfAny } from "../../platform/files.ts";
import { joinPath } from "../../repository/index.ts";
import type { IndexReading } from "../sync/read-indices.ts";
import type { OpenTree } from "./findings.ts";
import type { Verification } from "./verification.ts";

/** As the sync that made the tree read its indices; where that is not recorded, as a sync would now. */
export function readingOf({ context }: Verification, tree: OpenTree): IndexReading {
  const { filters, allow } = context.mirror;
  const then = tree.facts?.filters;
  const stands = (path: string): boolean => inodeIfAny(join(tree.path, path)) !== undefined;
  return {
    signal: context.signal,
    xzCommand: context.xzCommand,
    allowWeak: tree.facts?.allowWeak ?? allow.weak,
    filters:
      then === undefined
        ? filters
        : { ...then, excludePatterns: then.excludePatterns.map((pattern) => new RegExp(pattern)) },
    // The sync has asked upstream; what it brought tells.
    async findBase(root, files) {
      const found = files.find(({ path }) => stands(path) || stands(joinPath(root, path)));
      return found === undefined || stands(found.path) ? "" : root;
    },
  };
}
