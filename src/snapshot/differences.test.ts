import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../test/support/index.ts";
import type { MirrorLayout } from "../layout.ts";
import { keepDifference, pathsLeaving, stepsFrom } from "./differences.ts";
import { formatMeta } from "./records/meta.ts";
import { directoryForTest, layoutIn } from "./test-support.ts";

/** A mirror with snapshots of these generations, and the files that each step from 1 to 2, 2 to 3, … changes. */
async function open(snapshotsOf: readonly string[], steps: number): Promise<MirrorLayout> {
  const layout = layoutIn((await directoryForTest()).path);
  for (const generation of snapshotsOf) makeSnapshot(layout, generation);
  for (let from = 1; from <= steps; from++) keepDifference(layout, step(from));
  return layout;
}

const step = (from: number) => ({
  from: `g${from}`,
  to: `g${from + 1}`,
  gone: [`pool/${from}`, "dists/InRelease"],
  added: [`pool/${from + 1}`, "dists/InRelease"],
});

function makeSnapshot({ snapshots, snapshotMeta }: MirrorLayout, generation: string): void {
  const name = `of-${generation}`;
  mkdirSync(join(snapshots, name), { recursive: true });
  mkdirSync(snapshotMeta, { recursive: true });
  const meta = { format: 1, name, createdAt: "2026-05-04T03:02:01.000Z", generation } as const;
  const counts = {
    files: 1,
    packages: 1,
    sizeBytes: 1,
    releases: [],
    facts: undefined,
    indexDigests: undefined,
  };
  writeFileSync(join(snapshots, `.meta/${name}.json`), formatMeta({ ...meta, ...counts }));
}

const leaving = (layout: MirrorLayout, from: string, to: string): readonly string[] | undefined => {
  const paths = pathsLeaving(layout, from, to);
  return paths && [...paths].toSorted();
};

describe("the paths at which generations differ", () => {
  test("are those of all steps between them, in both directions", async () => {
    const layout = await open(["g1"], 3);
    expect(leaving(layout, "g1", "g4")).toEqual(["dists/InRelease", "pool/1", "pool/2", "pool/3"]);
    expect(leaving(layout, "g4", "g1")).toEqual(["dists/InRelease", "pool/2", "pool/3", "pool/4"]);
    expect(leaving(layout, "g2", "g3")).toEqual(["dists/InRelease", "pool/2"]);
  });

  test("are unknown if a step is missing, damaged or of another version", async () => {
    const layout = await open(["g1"], 1);
    expect(leaving(layout, "g1", "g3")).toBeUndefined();
    const record = join(layout.differences, "g2.json");
    for (const text of ["{", `{"format":2}`, JSON.stringify({ format: 1, ...step(9) })]) {
      writeFileSync(record, text);
      expect(leaving(layout, "g1", "g3")).toBeUndefined();
    }
    writeFileSync(record, JSON.stringify({ format: 1, ...step(2), gone: ["../outside"] }));
    expect(leaving(layout, "g1", "g3")).toBeUndefined();
    keepDifference(layout, step(2));
    expect(leaving(layout, "g1", "g3")).toBeDefined();
  });

  test("are unknown if the steps lead in a circle", async () => {
    const layout = await open(["g1"], 2);
    keepDifference(layout, { ...step(3), to: "g1" });
    expect(leaving(layout, "g1", "elsewhere")).toBeUndefined();
  });
});

test("the steps end at the first generation that is asked for", async () => {
  const layout = await open(["g1"], 3);
  const steps = stepsFrom(layout, "g1", (generation) => generation === "g3" || generation === "g4");
  expect([steps?.to, steps?.differences.map(({ from }) => from)]).toEqual(["g3", ["g1", "g2"]]);
});

describe("a difference is kept", () => {
  test("for a mirror with snapshots only", async () => {
    const layout = await open([], 1);
    expect(await listFiles(layout.dir)).toEqual([]);
  });

  test("until no snapshot is as old", async () => {
    const layout = await open(["g2"], 3);
    expect(await listFiles(layout.differences)).toEqual(["g2.json", "g3.json"]);
  });
});
