import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { carryOver, dropExpired } from "../../src/publish/carry.ts";
import { readTree, temporaryPath } from "../support/index.ts";

const paths = [
  "pool/a/1.deb",
  "pool/a/2.deb",
  "pool/b",
  "dists/s/by-hash/SHA256/1",
  "dists/s/by-hash/SHA256/2",
];
const anyTree = fc.dictionary(fc.constantFrom(...paths), fc.constantFrom("x", "y"), {
  maxKeys: paths.length,
});
/** The tree that replaces the shown one, and how many hours later. */
const anySwitch = fc.record({ to: fc.nat({ max: 3 }), hours: fc.nat({ max: 5 }) });
const graceHours = 6;
const { signal } = new AbortController();

/** Trees on disk, one of which is shown. Time passes between switches. */
class Shown {
  readonly root: string;
  readonly trees: readonly Readonly<Record<string, string>>[];
  present = 0;
  hour = 0;
  /** What clients may know: the content of a path, and the hour at which a shown tree last had it. */
  readonly known = new Map<string, { content: string; hour: number }>();

  constructor(trees: readonly Readonly<Record<string, string>>[]) {
    this.root = temporaryPath();
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    this.trees = trees;
    for (const [index, files] of trees.entries()) {
      mkdirSync(this.path(index));
      for (const [path, content] of Object.entries(files)) {
        const target = join(this.path(index), path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, content);
      }
    }
  }

  path(index: number): string {
    return join(this.root, `tree${index}`);
  }

  time(hour: number): Date {
    return new Date(Date.UTC(2026, 4, 4, hour));
  }

  async switchTo({ to, hours }: { readonly to: number; readonly hours: number }): Promise<void> {
    this.hour += hours;
    for (const [path, content] of Object.entries(this.trees[this.present] ?? {}))
      this.known.set(path, { content, hour: this.hour });
    if (to !== this.present) {
      const keep = { now: this.time(this.hour), graceMs: graceHours * 3_600_000 };
      await carryOver(this.path(this.present), this.path(to), keep, signal);
    }
    this.present = to;
  }

  /** Returns paths whose content differs from what a client knows, if the tree itself does not list them. */
  failing(): string[] {
    const own = this.trees[this.present] ?? {};
    return [...this.known]
      .filter(([path, { hour }]) => hour + graceHours > this.hour && own[path] === undefined)
      .filter(([path, { content }]) => {
        const shown = join(this.path(this.present), path);
        return !existsSync(shown) || readFileSync(shown, "utf8") !== content;
      })
      .map(([path]) => path);
  }
}

test("files shown within the grace time stay available, and no tree changes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(anyTree, anyTree, anyTree, anyTree),
      fc.array(anySwitch, { maxLength: 12 }),
      async (trees, switches) => {
        const shown = new Shown(trees);
        const before = await Promise.all(trees.map((_tree, index) => readTree(shown.path(index))));
        for (const step of switches) {
          await shown.switchTo(step);
          expect(shown.failing()).toEqual([]);
          for (const [index, files] of trees.entries())
            for (const [path, content] of Object.entries(files))
              expect(readFileSync(join(shown.path(index), path), "utf8")).toBe(content);
        }
        for (const index of trees.keys()) await dropExpired(shown.path(index), shown.time(1000), signal);
        expect(await Promise.all(trees.map((_tree, index) => readTree(shown.path(index))))).toEqual(before);
      },
    ),
    { numRuns: 100 },
  );
});
