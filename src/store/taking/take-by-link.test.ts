import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../../test/support/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { normalizePath } from "../../repository/index.ts";
import { createObjectStore } from "../object-store.ts";
import { takeByLink } from "./take-by-link.ts";

const bytes = Buffer.from("the bytes of a package");

/** Is asked between the first look at a file and the link to it. */
class Meanwhile extends Set<number> {
  readonly #change: () => void;

  constructor(change: () => void) {
    super();
    this.#change = change;
  }

  override has(device: number): boolean {
    this.#change();
    return super.has(device);
  }
}

async function takeWhile(change: (from: string) => void) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const from = directory.join("found.deb");
  writeFileSync(from, bytes, { mode: 0o644 });
  for (const name of ["aside", "tree"]) mkdirSync(directory.join(name));
  const tools = {
    objects: createObjectStore(directory.join("objects")),
    owner: statSync(directory.path),
    buffer: Buffer.alloc(1 << 16),
    unlinkable: new Meanwhile(() => change(from)),
    unclonable: new Set<number>(),
  };
  const { sha256 } = digestsOf(bytes);
  const listed = { path: normalizePath("a.deb"), sizeBytes: bytes.length, digests: { sha256 } };
  const target = directory.join("tree/a.deb");
  const steps = takeByLink(tools, { from, listed, target }, directory.join("aside/a.deb.found"));
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return { outcome: value, left: await listFiles(directory.path) };
  }
}

test("takes the file that has the name when the link is made", async () => {
  const { outcome, left } = await takeWhile((from) => {
    writeFileSync(`${from}.new`, bytes);
    renameSync(`${from}.new`, from);
  });
  expect(outcome).toMatchObject({ kind: "taken", way: "linked" });
  expect(left).toContain("tree/a.deb");
});

test.each([
  ["a symbolic link to a right file", (from: string) => symlinkSync(`${from}.right`, `${from}.new`)],
  ["a pipe", (from: string) => execFileSync("sh", ["-c", 'mkfifo "$0"', `${from}.new`])],
  ["a file of another size", (from: string) => writeFileSync(`${from}.new`, "more than the bytes of it")],
])("does not read what got the name before the link was made: %s", async (_what, make) => {
  const { outcome, left } = await takeWhile((from) => {
    renameSync(from, `${from}.right`);
    make(from);
    renameSync(`${from}.new`, from);
  });
  expect(outcome).toEqual({ kind: "different", found: undefined });
  expect(left).toEqual(["found.deb", "found.deb.right"]);
});
