/** What is exported, and what arrives at the other side. */
import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readTree } from "../../../test/support/index.ts";
import type { Side } from "./test-support.ts";

export const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
export const newDeb = "pool/main/n/newcomer/newcomer_1.0-1_amd64.deb";
export const labelName = "mirrorctl-export.json";

export const snapshotOf = async (side: Side): Promise<string> => {
  const outcome = await side.sync();
  if (outcome.kind !== "synced" || outcome.snapshot === undefined) throw new Error(JSON.stringify(outcome));
  return outcome.snapshot;
};
export const treeOf = ({ dir }: Side, name: string): Promise<ReadonlyMap<string, string>> =>
  readTree(join(dir, ".snapshots/debian", name));
export const withoutByHash = (tree: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...tree].filter(([path]) => !path.includes("/by-hash/"));
export const labelOf = (disk: string): unknown => JSON.parse(readFileSync(join(disk, labelName), "utf8"));

export function flip(path: string): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}
