import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { HistoryEntry } from "../../history/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import { deb, flipBit, type Mirrors, openMirrors, openSnapshot, packages, toolDeb } from "./test-support.ts";

type Attention = Pick<Concern, "kind"> & { readonly name?: string; readonly files?: number };

/** Returns what `status` reports about damage of a mirror. Checks the exit status of `status --check` too. */
async function attentions(mirrors: Mirrors, id = "m"): Promise<readonly string[]> {
  const [status] = JSON.parse((await mirrors.run(["--json", "status", id])).out) as {
    readonly concerns: readonly Attention[];
  }[];
  const concerns = status?.concerns ?? [];
  await mirrors.run(["status", id, "--check"], concerns.length > 0 ? 1 : 0);
  return concerns
    .filter(({ kind }) => kind.endsWith("-damaged"))
    .map(({ name = "(working mirror)", files }) => `${name}: ${files}`);
}

const linesOfVerify = async (mirrors: Mirrors, id = "m"): Promise<readonly string[]> => {
  const lines = JSON.parse((await mirrors.run(["--json", "history", id])).out) as readonly HistoryEntry[];
  return lines
    .filter(({ action, to }) => action === "verify" && to !== undefined)
    .map(({ result, to, detail }) => `${to} ${result}: ${detail?.split("\n")[0]}`);
};

describe("a finding", () => {
  test("is in the history and in status until an equally deep check finds nothing", async () => {
    const mirrors = await openSnapshot();
    await mirrors.verify(["m", "--deep"]);
    expect(await linesOfVerify(mirrors)).toEqual([]);
    const good = readFileSync(mirrors.file(deb));
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "--deep"], 1);
    expect(await linesOfVerify(mirrors)).toEqual([
      "one failed: 1 of 20 files damaged (every file read)",
      "(working mirror) failed: 1 of 20 files damaged (every file read)",
    ]);
    expect(await attentions(mirrors)).toEqual(["(working mirror): 1", "one: 1"]);
    await mirrors.verify(["m"]); // which compares sizes
    expect(await attentions(mirrors)).toEqual(["(working mirror): 1", "one: 1"]);
    writeFileSync(mirrors.file(deb), good);
    await mirrors.verify(["m", "one", "--deep"]);
    expect(await attentions(mirrors)).toEqual(["(working mirror): 1"]);
    await mirrors.verify(["m", "--deep"]);
    expect(await attentions(mirrors)).toEqual([]);
  });

  test("in the working mirror ends when a sync makes a new tree", async () => {
    const mirrors = await openMirrors();
    await mirrors.run(["sync"]);
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "--deep"], 1);
    expect(await attentions(mirrors)).toEqual(["(working mirror): 1"]);
    await mirrors.run(["sync"]);
    expect(await attentions(mirrors)).toEqual([]);
  });

  test("does not apply to the next snapshot of the same name", async () => {
    const mirrors = await openSnapshot();
    rmSync(mirrors.file(deb, "one"));
    await mirrors.verify(["m", "one"], 1);
    expect(await attentions(mirrors)).toEqual(["one: 1"]);
    await mirrors.run(["snapshot", "delete", "m", "one"]);
    expect(await attentions(mirrors)).toEqual([]);
    await mirrors.run(["snapshot", "create", "m", "one"]);
    expect(await attentions(mirrors)).toEqual([]);
  });

  test("stays while a damaged index hides it, and ends when both are repaired", async () => {
    const mirrors = await openSnapshot();
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "one", "--deep"], 1);
    for (const path of [packages, packages.replace(".xz", ".gz"), packages.replace(".xz", "")])
      rmSync(mirrors.file(path, "one"), { force: true });
    rmSync(mirrors.file("dists/stable/main/binary-amd64/by-hash", "one"), { recursive: true });
    const [report] = await mirrors.verify(["m", "one", "--deep"], 1);
    expect(report?.damages.map(({ path }) => path)).not.toContain(deb);
    const [before] = (await attentions(mirrors)).filter((text) => text.startsWith("one"));
    expect(before).toBe(`one: ${(report?.damages.length ?? 0) + 1}`);
    await mirrors.verify(["m", "one", "--deep", "--repair"]);
    expect(await attentions(mirrors)).toEqual([]);
  });

  test("is recorded for unchecked trees that share the file, and so is its repair", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: {}, other: {} });
    await mirrors.run(["sync"]);
    for (const [id, name] of [
      ["m", "one"],
      ["m", "two"],
      ["other", "far"],
    ] as const)
      await mirrors.run(["snapshot", "create", id, name]);
    copyApart(mirrors, deb, "two");
    flipBit(mirrors.file(deb, "one"));
    flipBit(mirrors.file(toolDeb, "one"));
    const { log } = await mirrors.run(["snapshot", "verify", "m", "one", "--deep"], 1);
    expect(log).toContain("WARN  far of other has 2 damaged files too, shared with one of m\n");
    expect(await attentions(mirrors)).toEqual(["(working mirror): 2", "one: 2", "two: 1"]);
    expect(await attentions(mirrors, "other")).toEqual(["(working mirror): 2", "far: 2"]);
    const lines = await linesOfVerify(mirrors, "other");
    await mirrors.verify(["m", "one", "--deep"], 1);
    expect(await linesOfVerify(mirrors, "other")).toEqual(lines); // they say it already
    await mirrors.verify(["m", "one", "--deep", "--repair"]);
    expect(await attentions(mirrors)).toEqual([]);
    expect(await attentions(mirrors, "other")).toEqual([]);
    expect(await linesOfVerify(mirrors, "other")).toEqual([
      "far done: 2 files repaired, shared with one of m",
      "(working mirror) done: 2 files repaired, shared with one of m",
      ...lines,
    ]);
    for (const id of ["m", "other"]) await mirrors.verify([id, "--deep"]);
  });

  test("is recorded once for a tree that shares it with several checked trees", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: {}, other: {} });
    await mirrors.run(["sync"]);
    await mirrors.run(["snapshot", "create", "m", "one"]);
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "--deep"], 1);
    await mirrors.verify(["m", "--deep", "--repair"]);
    expect(await linesOfVerify(mirrors, "other")).toEqual([
      "(working mirror) done: 1 file repaired, shared with (working mirror) of m",
      "(working mirror) failed: 1 file damaged, shared with (working mirror) of m (every file read)",
    ]);
  });

  test("keeps a snapshot out of production until its repair, unless forced with a reason", async () => {
    const mirrors = await openSnapshot();
    flipBit(mirrors.file(deb));
    await mirrors.verify(["m", "one", "--deep"], 1);
    await mirrors.run(["snapshot", "stage", "m", "one"]);
    const refused = await mirrors.run(["snapshot", "promote", "m"], 3);
    expect(refused.log).toMatch(
      /^ERROR m: one is damaged: 1 file \(pool\/\S+\), found on \S+ \S+ UTC by \w+; to repair it: mirrorctl snapshot verify m one --deep --repair$/m,
    );
    expect((await mirrors.run(["status", "m"])).out).toMatch(
      /^ {2}attention {3}one, which is in staging, is damaged: 1 file \(pool/m,
    );
    const forced = ["snapshot", "promote", "m", "--force", "--reason", "nobody installs hello"];
    expect((await mirrors.run(forced)).log).toContain("is damaged: 1 file");
    for (const verb of ["publish", "rollback"]) {
      const args = verb === "publish" ? ["m", "one"] : ["m", "--to", "one"];
      rmSync(`${mirrors.dir}/m/current`); // a rollback to what is in production already would do nothing
      const { log } = await mirrors.run(["snapshot", verb, ...args]);
      expect(log).toMatch(/^WARN {2}one of m goes into production although it is damaged: 1 file/m);
    }
    await mirrors.verify(["m", "--deep", "--repair"]);
    expect((await mirrors.run(["snapshot", "promote", "m"])).log).not.toContain("damaged");
  });
});

/** Gives a snapshot a file of its own, with the same bytes. */
function copyApart(mirrors: Mirrors, path: string, snapshot: string): void {
  const file = mirrors.file(path, snapshot);
  copyFileSync(file, `${file}.copy`);
  rmSync(file);
  cpSync(`${file}.copy`, file, { preserveTimestamps: true });
  rmSync(`${file}.copy`);
}
