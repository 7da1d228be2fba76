import { availableParallelism } from "node:os";
import type { Mirrorctl } from "../contestants/mirrorctl.ts";
import type { Contestant, Row } from "../measure/row.ts";
import type { Mirror } from "../stage/mirror.ts";
import type { Site } from "../stage/site.ts";
import { linkedCopy, removedCopy } from "./linked-copy.ts";

/** The arguments of `mirrorctl snapshot`. */
type Verb = readonly string[];

/** Makes the snapshots s1, s2, …, each of a sync of its own. */
export async function makeSnapshots(
  site: Site,
  mirrors: readonly Mirror<Mirrorctl>[],
  count: number,
): Promise<void> {
  for (let nth = 1; nth <= count; nth++) {
    if (nth > 1) await site.changeOnePercent();
    for (const mirror of mirrors) {
      await mirror.bringUpToDate();
      await run(mirror, ["create", "m1", `s${nth}`]);
    }
  }
}

type MakeRow = (work: string, verb: Verb, before?: readonly Verb[], floors?: readonly Contestant[]) => Row;

export const rowsOf =
  (mirrors: readonly Mirror<Mirrorctl>[]): MakeRow =>
  (work, verb, before = [], floors = []) => ({
    work,
    contestants: [...floors, ...mirrors.map((mirror) => contestant(mirror, verb, before))],
  });

/** From the second round on, what the moves carry is carried already. */
export function* readingAndMoving(row: MakeRow): Generator<Row> {
  yield row("list --detailed", ["list", "m1", "--detailed"]);
  yield row("publish", ["publish", "m1", "s2"], [["publish", "m1", "s1"]]);
  yield row(
    "promote",
    ["promote", "m1", "--force", "--reason", "benchmark"],
    [
      ["publish", "m1", "s1"],
      ["stage", "m1", "s3"],
    ],
  );
  yield row(
    "rollback",
    ["rollback", "m1"],
    [
      ["publish", "m1", "s4"],
      ["publish", "m1", "s5"],
    ],
  );
}

/** Makes a snapshot of a tree that has others, and deletes one. */
export async function* makingAndRemoving(
  row: MakeRow,
  mirrors: readonly Mirror<Mirrorctl>[],
): AsyncGenerator<Row> {
  const [first] = mirrors;
  if (first === undefined) return;
  for (const mirror of mirrors) await run(mirror, ["create", "m1", "extra"]);
  yield row("create", ["create", "m1", "extra"], [["delete", "m1", "extra"]], [linkedCopy(first)]);
  yield row(
    "delete",
    ["delete", "m1", "extra"],
    [["create", "m1", "extra", "--force"]],
    [removedCopy(first)],
  );
}

export const treeOf = (mirror: Mirror, snapshot: string): string =>
  mirror.join("www/.snapshots/m1", snapshot);

const run = (mirror: Mirror<Mirrorctl>, verb: Verb): Promise<void> =>
  mirror.do(mirror.tool.run("snapshot", ...verb));

const contestant = (mirror: Mirror<Mirrorctl>, verb: Verb, before: readonly Verb[]): Contestant => ({
  name: mirror.name,
  async prepare() {
    for (const each of before) await run(mirror, each);
  },
  command: () => mirror.tool.run("snapshot", ...verb),
});

/** Reads and hashes every file of a tree, on one processor and on all. */
export function checksums(tree: string): readonly Contestant[] {
  const processors = availableParallelism();
  const all = `find "$1" -type f -print0 | xargs -0 -n 64 -P ${processors} sha256sum`;
  return [
    {
      name: "sha256sum",
      command: () => ({ argv: ["find", tree, "-type", "f", "-exec", "sha256sum", "{}", "+"] }),
    },
    {
      name: `sha256sum, ${processors} at once`,
      command: () => ({ argv: ["bash", "-c", all, "bash", tree] }),
    },
  ];
}
