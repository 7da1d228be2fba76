import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readLine } from "./read-line.ts";

const never = new AbortController().signal;

test("reads one line, however it arrives", async () => {
  const input = new PassThrough();
  const line = readLine(input, never);
  input.write("ye");
  input.write("s\nno\n");
  expect(await line).toBe("yes");
});

test("reads nothing at the end of the input", async () => {
  expect(await readLine(new PassThrough().end(), never)).toBeUndefined();
});

test("rejects with the reason of the signal", async () => {
  const stop = new AbortController();
  const line = readLine(new PassThrough(), stop.signal);
  stop.abort(new Error("interrupted"));
  await expect(line).rejects.toThrow("interrupted");
  await expect(readLine(new PassThrough(), stop.signal)).rejects.toThrow("interrupted");
});
