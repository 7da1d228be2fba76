/** Watches the executable with strace: what is flushed, and what happens only after that. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

interface SystemCall {
  /** The call as strace prints it, up to its result. */
  readonly text: string;
  readonly beganAt: number;
  readonly endedAt: number;
}

const traced =
  "fsync,fdatasync,syncfs,rename,renameat,renameat2,link,linkat,unlink,unlinkat,symlink,symlinkat";

/** Runs mirrorctl under strace. Returns the system calls of it and of the programs that it runs. */
async function trace(workspace: Workspace, args: readonly string[]): Promise<readonly SystemCall[]> {
  const file = workspace.join("strace.txt");
  const options = ["-f", "-y", "-s", "4096", "-o", file, "-e", `trace=${traced}`];
  await workspace.run(args, { through: (commandLine) => ["strace", ...options, "--", ...commandLine] });
  return callsIn(readFileSync(file, "utf8"));
}

/** Joins the two lines of a call during which another thread has made one. */
function callsIn(text: string): readonly SystemCall[] {
  const calls: SystemCall[] = [];
  const begun = new Map<string, { readonly text: string; readonly beganAt: number }>();
  for (const [at, line] of text.split("\n").entries()) {
    const [, thread = "", what = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(what);
    const { text: before, beganAt } = (resumed && begun.get(thread)) ?? { text: "", beganAt: at };
    if (what.endsWith("<unfinished ...>"))
      begun.set(thread, { text: what.replace(/ *<unfinished \.\.\.>$/, ""), beganAt: at });
    else if (what.endsWith(" = 0"))
      calls.push({ text: before + (resumed?.[1] ?? what), beganAt, endedAt: at });
  }
  return calls;
}

/** Returns the patterns without a call that begins after the call of the previous pattern has ended. */
function outOfOrder(calls: readonly SystemCall[], patterns: readonly RegExp[]): readonly RegExp[] {
  let from = -1;
  return patterns.filter((pattern) => {
    const found = calls.find(({ text, beganAt }) => beganAt > from && pattern.test(text));
    if (found !== undefined) from = found.endedAt;
    return found === undefined;
  });
}

test("a tree is on disk before it is shown, and history when the command ends", async () => {
  await using workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  const calls = await trace(workspace, ["sync"]);
  const order = [
    /^rename.*\/trees\/debian\/\.[^/]+\.draft", .*\/trees\/debian\/[^./][^/]*"/,
    /^syncfs/,
    /^fsync.*\/trees\/debian>/,
    /^rename.*\/debian\/\.live\.next", .*\/debian\/\.live"/,
    /^fsync.*\/www\/debian>/,
    /^fsync.*\/state\/\.debian\.json\.next>/,
    /^rename.*\/state\/debian\.json"/,
    /^fsync.*\/state>/,
    /^link.*\/\.snapshots\/debian\/\.[^/]+\.draft\//,
    /^fsync.*\/\.meta>/,
    /^syncfs/,
    /^rename.*\/\.snapshots\/debian\/\.[^/]+\.draft", .*\/debian\/[^./][^/]*"/,
    /^fsync.*\/\.snapshots\/debian>/,
  ];
  expect(outOfOrder(calls, order)).toEqual([]);
  // A journal that reappears after a power cut would undo the line.
  const ofHistory = calls.filter(({ text }) => /\/state(?:\/history\.db|>)/.test(text));
  const journalsGone = ofHistory.filter(({ text }) => text.startsWith("unlink"));
  const next = journalsGone.map((call) => ofHistory[ofHistory.indexOf(call) + 1]?.text ?? "nothing");
  expect(journalsGone.length).toBeGreaterThan(1);
  expect(next.filter((text) => !/^f(?:data)?sync.*\/state>/.test(text))).toEqual([]);
});
