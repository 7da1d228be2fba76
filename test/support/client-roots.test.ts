/** Tests scripts/client-roots.sh with replacements of mmdebstrap, id and this machine's apt. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ProgramResult, runProgram, systemPath } from "./run-program.ts";
import { diskParent, temporaryDirectory } from "./temporary-directory.ts";

const original = join(import.meta.dirname, "../../scripts/client-roots.sh");

const programs = {
  // Records the root that it is called for, and makes its draft, which precedes the URL.
  mmdebstrap: `while [ $# -gt 3 ]; do shift; done
echo "\${2##*.}" >>"$CALLS"
mkdir "$2"
[ "$1" != "$OUT_OF_REACH" ] || { echo "E: no such suite"; exit 1; }`,
  id: 'echo "$USER_ID"',
  "apt-get": "echo http://security.example/security/; echo http://archive.example/debian/",
  "apt-config": "true",
};

interface Checkout extends AsyncDisposable {
  readonly script: string;
  run(env?: Readonly<Record<string, string>>): Promise<ProgramResult>;
  /** Returns the roots that mmdebstrap was called for since the last call. */
  calls(): readonly string[];
  roots(): readonly string[];
}

const all = ["bookworm-installed", "forky", "trixie", "trixie-installed"];

async function checkout(): Promise<Checkout> {
  const directory = await temporaryDirectory("mirrorctl-test-", diskParent); // programs may not run from /dev/shm
  const script = directory.join("scripts/client-roots.sh");
  const calls = directory.join("calls");
  for (const name of ["scripts", "bin"]) mkdirSync(directory.join(name));
  cpSync(original, script);
  const mode = { mode: 0o755 };
  for (const [name, text] of Object.entries(programs))
    writeFileSync(directory.join("bin", name), `#!/bin/sh\n${text}\n`, mode);
  const env = {
    PATH: `${directory.join("bin")}:${systemPath}`,
    CALLS: calls,
    USER_ID: "0",
    OUT_OF_REACH: "",
  };
  return {
    script,
    run: (more) => runProgram(script, [], { env: { ...env, ...more } }),
    calls() {
      const text = readFileSync(calls, { encoding: "utf8", flag: "a+" });
      writeFileSync(calls, "");
      return text.split("\n").filter(Boolean).toSorted();
    },
    roots: () => readdirSync(directory.join(".cache/roots")).toSorted(),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

test("makes each root once, and again after the script has changed", async () => {
  await using made = await checkout();
  expect(await made.run()).toMatchObject({ exitCode: 0 });
  expect(made.calls()).toEqual(all);
  expect(made.roots()).toEqual([".lock", ...all]);

  expect(await made.run()).toMatchObject({ exitCode: 0, output: "" });
  expect(made.calls()).toEqual([]);

  appendFileSync(made.script, "# another recipe\n");
  expect(await made.run()).toMatchObject({ exitCode: 0 });
  expect(made.calls()).toEqual(all);
  expect(made.roots()).toEqual([".lock", ...all]);
});

test("shows mmdebstrap's error, keeps the finished roots, makes the other next time", async () => {
  await using made = await checkout();
  const failed = await made.run({ OUT_OF_REACH: "forky" });
  expect(failed.exitCode).toBe(1);
  expect(failed.output).toMatch(
    /Cannot make the root directory forky of Debian from http:\/\/archive\.example\/debian\/, .*\nE: no such suite\n/,
  );
  expect(made.roots()).toEqual([".lock", ...all.filter((root) => root !== "forky")]);
  made.calls();
  expect(await made.run()).toMatchObject({ exitCode: 0 });
  expect(made.calls()).toEqual(["forky"]);
});

test("removes the drafts of an interrupted run", async () => {
  await using made = await checkout();
  mkdirSync(join(made.script, "../../.cache/roots/.draft.forky/usr"), { recursive: true });
  expect(await made.run()).toMatchObject({ exitCode: 0 });
  expect(made.roots()).toEqual([".lock", ...all]);
});

test("tells a user other than root what is missing, if anything is", async () => {
  await using made = await checkout();
  const refused = await made.run({ USER_ID: "1000" });
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toContain("Make them with: sudo scripts/client-roots.sh");
  expect(made.calls()).toEqual([]);
  await made.run();
  expect(await made.run({ USER_ID: "1000" })).toMatchObject({ exitCode: 0, output: "" });
});
