import { availableParallelism } from "node:os";
import type { Mirrorctl } from "../contestants/mirrorctl.ts";
import type { Contestant, Group, Row } from "../measure/row.ts";
import type { Mirror } from "../stage/mirror.ts";
import { builds } from "./builds.ts";
import { linkedCopy, removedCopy } from "./linked-copy.ts";

/** The arguments of `mirrorctl snapshot`. */
type Verb = readonly string[];

const snapshots = 11;

export const everyday: Group = {
  name: "everyday",
  title: "Everyday commands",
  says: `On a mirror with ${snapshots} snapshots, the newest of which differs from the others in 1 % of the packages.`,
  async *rows(stage) {
    const site = await stage.main;
    const mirrors = builds(stage.settings, site, "everyday");
    const [first] = mirrors;
    if (first === undefined) return;
    for (const mirror of mirrors) {
      await mirror.bringUpToDate();
      for (let nth = 1; nth < snapshots; nth++) await run(mirror, ["create", "m1", `s${nth}`]);
    }
    await site.changeOnePercent();
    for (const mirror of mirrors) {
      await mirror.bringUpToDate();
      await run(mirror, ["create", "m1", "new"]);
    }
    const row = (
      work: string,
      verb: Verb,
      before: readonly Verb[] = [],
      floors: readonly Contestant[] = [],
    ): Row => ({
      work,
      contestants: [...floors, ...mirrors.map((mirror) => contestant(mirror, verb, before))],
    });
    yield row("list --detailed", ["list", "m1", "--detailed"]);
    yield row("publish", ["publish", "m1", "s2"], [["publish", "m1", "s1"]]);
    // A new snapshot each time, into which nothing was carried yet.
    yield row(
      "publish, 1 % differs",
      ["publish", "m1", "new"],
      [
        ["publish", "m1", "s1"],
        ["create", "m1", "new", "--force"],
      ],
    );
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
    for (const mirror of mirrors) await run(mirror, ["create", "m1", "extra"]);
    yield row("create", ["create", "m1", "extra"], [["delete", "m1", "extra"]], [linkedCopy(first)]);
    yield row(
      "delete",
      ["delete", "m1", "extra"],
      [["create", "m1", "extra", "--force"]],
      [removedCopy(first)],
    );
    yield row(
      "verify --deep",
      ["verify", "m1", "s1", "--deep"],
      [],
      checksums(first.join("www/.snapshots/m1/s1")),
    );
  },
};

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
function checksums(tree: string): readonly Contestant[] {
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
