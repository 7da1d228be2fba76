import { pauseNow } from "../../platform/pause.ts";
import { walkOwnPaths } from "../../snapshot/index.ts";
import { filesOf } from "../sync/listed-package.ts";
import type { ListedFiles } from "../sync/read-indices.ts";
import type { OpenTree } from "./findings.ts";
import { remarkOn } from "./remark-on.ts";
import type { Verification } from "./verification.ts";

const filesBetweenPauses = 500;

/** Files that stand in a tree and that nothing in it names: somebody's own, and left alone. */
export async function findStrangers(
  { context }: Verification,
  tree: OpenTree,
  { plan, leftOut }: ListedFiles,
  paths: readonly string[],
): Promise<readonly string[]> {
  const known = new Set<string>([...paths, ...leftOut.flatMap(filesOf).map(({ path }) => path)]);
  const strangers: string[] = [];
  let looks = 0;
  for (const path of walkOwnPaths(tree.path)) {
    if (!plan.has(path) && !known.has(path)) strangers.push(path);
    if (++looks % filesBetweenPauses === 0) await pauseNow();
    context.signal.throwIfAborted();
  }
  return remarkOn(strangers, "that nothing in it lists");
}
