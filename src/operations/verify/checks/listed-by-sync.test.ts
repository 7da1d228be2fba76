import { hash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openMirror, type SyncedMirror } from "../../sync/test-support.ts";
import { checkGeneration } from "../check-snapshot.ts";

const path = "pool/main/h/hello/hello_1.0_amd64.deb";

async function openSynced(): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  mirror.upstream.suite("stable", { compressions: ["gz"] }).addPackage("hello", "1.0");
  await mirror.upstream.publish();
  await mirror.sync();
  return mirror;
}

function listOf({ dir }: SyncedMirror): string {
  const trees = join(dir, ".mirrorctl/trees/m");
  return join(trees, readdirSync(trees).find((name) => name.endsWith(".files")) ?? "");
}

/** Writes another list of the shown tree, as a sync would have written it. */
function editList(mirror: SyncedMirror, edit: (lines: string) => string): void {
  const list = listOf(mirror);
  const lines = readFileSync(list, "utf8").replace(/end \w+\n$/, "");
  const edited = edit(lines);
  expect(edited).not.toBe(lines);
  writeFileSync(list, `${edited}end ${hash("sha256", edited)}\n`);
}

/** Lists a file with another size than its index does. */
const misstate = (lines: string): string => lines.replace(/(?<=\w{64} )\d+(?= \d+ pool\/)/, "1");

/** Returns the paths of the files that seem to be damaged. */
async function damagedIn(mirror: SyncedMirror): Promise<readonly string[]> {
  const context = await mirror.context();
  const generation = context.working.current();
  if (generation === undefined) throw new Error("nothing is shown");
  const { findings } = await checkGeneration(context, generation);
  expect(findings).toMatchObject({ faults: [], remarks: [], isPartial: false });
  return findings.damages.map(({ file }) => file.path);
}

test("a gate does not read indices again that the sync has listed", async () => {
  const mirror = await openSynced();
  editList(mirror, misstate);
  expect(await damagedIn(mirror)).toEqual([path]);
});

test.each<[string, (lines: string) => string]>([
  ["by another version", (lines) => lines.replace('"readWith":"[', '"readWith":"[0,')],
  ["from an index of other bytes", (lines) => lines.replace('"key":"', '"key":"other ')],
  ["with an index that the tree lacks", (lines) => lines.replace(/(?<="name":"[^"]*Packages)/, "-gone")],
])("a gate reads indices that were listed %s", async (_, edit) => {
  const mirror = await openSynced();
  editList(mirror, (lines) => edit(misstate(lines)));
  expect(await damagedIn(mirror)).toEqual([]);
});

test("a gate reads indices if the disk does not read the list", async () => {
  const mirror = await openSynced();
  const list = listOf(mirror);
  rmSync(list);
  symlinkSync("/proc/self/mem", list); // which can be opened, and has nothing at its first page
  expect(await damagedIn(mirror)).toEqual([]);
});
