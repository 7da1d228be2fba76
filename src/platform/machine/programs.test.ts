import { expect, test } from "vitest";
import { createHost } from "../../../test/support/host.ts";
import { systemPath } from "../../../test/support/run-program.ts";
import { readBytesIfAny } from "../look.ts";
import { openPrograms, type Program } from "./programs.ts";

const program = (script: string, more: Partial<Program> = {}): Program => ({
  argv: ["/bin/sh", "-c", script],
  cwd: "/",
  env: { PATH: systemPath },
  limitMs: 20_000,
  keptBytes: 1_000,
  ...more,
});

const { signalGroup } = createHost();
const never = new AbortController().signal;
const open = (signal = never) => openPrograms(systemPath, { signal, signalGroup });

/** A killed process whose parent is gone may stay as a zombie, see proc(5). */
const isRunning = (pid: number): boolean =>
  /^State:\s[^ZX]/m.test(readBytesIfAny(`/proc/${pid}/status`)?.toString() ?? "");

test("returns the exit status and both outputs", async () => {
  const ended = await open().run(program("cat; echo problem >&2; exit 3", { input: "text" }));
  expect(ended).toEqual({ end: { kind: "exited", status: 3 }, stdout: "text", stderr: "problem\n" });
});

test("has no environment and no input but what it gets", async () => {
  const { stdout } = await open().run(program("cat; env", { env: { ONLY: "this" } }));
  expect(stdout).toMatch(/^ONLY=this$/m);
  expect(stdout).not.toContain("HOME");
});

test("keeps the start and the end of long output", async () => {
  const { stdout } = await open().run(
    program("printf 'start '; printf '%05000d' 0; printf ' end'", { keptBytes: 8 }),
  );
  expect(stdout).toBe("start 00\n[4994 bytes left out]\n0000 end");
});

test("rejects if the program cannot be started", async () => {
  await expect(open().run({ ...program(""), argv: ["/nonexistent"] })).rejects.toThrow("ENOENT");
});

test("says which signal ended the program", async () => {
  expect((await open().run(program("kill -9 $$"))).end).toEqual({ kind: "killed", by: "SIGKILL" });
});

test("ends a program that takes too long, with its children", async () => {
  const { end, stdout } = await open().run(program("sleep 600 & echo $!; wait", { limitMs: 300 }));
  expect(end).toEqual({ kind: "timed-out" });
  await expect.poll(() => isRunning(Number(stdout))).toBe(false); // it may still be ending
});

test("ends the program if the run is aborted, and rejects with the reason", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const running = open(stop.signal).run(program("trap 'exit 0' TERM; sleep 600 & wait"));
  stop.abort(reason);
  await expect(running).rejects.toBe(reason);
  await expect(open(stop.signal).run(program("true"))).rejects.toBe(reason);
});

test("leaves no process of its group behind", async () => {
  const { stdout, end } = await open().run(program("sleep 600 & echo $!"));
  expect(end).toEqual({ kind: "exited", status: 0 });
  await expect.poll(() => isRunning(Number(stdout))).toBe(false); // it may still be ending
});

test("does not wait for a process outside of its group that holds the output open", async () => {
  // Says its process once that has left the group: what is in the group then ends with the program.
  const outside = "setsid sh -c 'echo $$; exec sleep 600' &";
  const { stdout, end } = await open().run(program(`{ ${outside} } | { read pid; echo $pid; }`));
  expect(end).toEqual({ kind: "exited", status: 0 });
  process.kill(Number(stdout));
});
