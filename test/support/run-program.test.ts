import { expect, test } from "vitest";
import { findProgram, runProgram } from "./run-program.ts";

test("returns the exit code, stdout, and both streams together", async () => {
  const result = await runProgram("sh", ["-c", "cat; echo warning >&2; exit 3"], { input: "text\n" });
  expect(result.exitCode).toBe(3);
  expect(result.stdout.toString()).toBe("text\n");
  expect(result.output.split("\n").toSorted()).toEqual(["", "text", "warning"]);
});

test("gives the program only the given environment", async () => {
  const { output } = await runProgram("sh", ["-c", "echo $HOME,$NAME"], { env: { NAME: "value" } });
  expect(output).toBe(",value\n");
});

test("fails if the program cannot be started or takes too long", async () => {
  await expect(runProgram("no-such-program", [])).rejects.toThrow("ENOENT");
  await expect(runProgram("cat", [], { input: "x", cwd: "/no/such/directory" })).rejects.toThrow("ENOENT");
  await expect(runProgram("tail", ["-f", "/dev/null"], { timeoutMs: 50 })).rejects.toThrow("SIGKILL");
});

test("finds only installed programs", () => {
  expect(findProgram("sh")).toMatch(/^\/.*\/sh$/);
  expect(findProgram("no-such-program")).toBeUndefined();
});
