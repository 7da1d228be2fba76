/** A snapshot with repaired files may hold what no other tree has, whatever syncs have recorded of its generation. */
import { existsSync, rmSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deb, type Mirrors, openSnapshot } from "../test-support.ts";

/** A file is missing in every tree that had it, then repaired in the snapshot "one" alone. */
async function openLost(): Promise<Mirrors & { readonly lost: string }> {
  const mirrors = await openSnapshot([{ m: { publish: { grace: "0" } } }]);
  await mirrors.run(["snapshot", "create", "m", "twin"]);
  const { upstream } = mirrors;
  const lost = mirrors.object(deb);
  upstream.suite("stable").removePackage("hello").addPackage("new", "1.0");
  await upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "later"]);
  return { ...mirrors, lost };
}

async function repairOne(mirrors: Mirrors, others: readonly string[]): Promise<void> {
  for (const name of ["one", ...others]) rmSync(mirrors.file(deb, name));
  expect(await mirrors.verify(["m", "one", "--repair"])).toMatchObject([{ result: "repaired" }]);
}

describe("the object of a file that was repaired in one snapshot alone", () => {
  test("is freed with it, though another snapshot is of the same generation", async () => {
    const mirrors = await openLost();
    await repairOne(mirrors, ["twin"]);
    expect(statSync(mirrors.lost).nlink).toBe(2);
    await mirrors.run(["snapshot", "delete", "m", "one"]);
    expect(existsSync(mirrors.lost)).toBe(false);
  });

  test("counts as its own", async () => {
    const mirrors = await openLost();
    await repairOne(mirrors, ["twin"]);
    const { out } = await mirrors.run(["--json", "snapshot", "list", "m", "--detailed"]);
    const one = (JSON.parse(out) as { name: string }[]).find(({ name }) => name === "one");
    expect(one).toMatchObject({ usage: { uniqueBytes: statSync(mirrors.lost).size } });
  });
});
