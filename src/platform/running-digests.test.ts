import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { digestsOf, RunningDigests } from "./running-digests.ts";

const sumOf = (program: string, text: string): string =>
  spawnSync(program, { input: text }).stdout.toString().slice(0, -4).trim();

describe("running digests", () => {
  test("equal those of coreutils, for any chunks", () => {
    const running = new RunningDigests({ md5: "", sha1: "", sha512: "" });
    for (const piece of ["hel", "", "lo wo", "rld"]) running.update(Buffer.from(piece));
    expect(running.sizeBytes).toBe(11);
    expect(running.finish()).toEqual({
      md5: sumOf("md5sum", "hello world"),
      sha1: sumOf("sha1sum", "hello world"),
      sha256: sumOf("sha256sum", "hello world"),
      sha512: sumOf("sha512sum", "hello world"),
    });
  });

  test("contain SHA-256 and the listed algorithms only", () => {
    expect(Object.keys(digestsOf(Buffer.from("x")))).toEqual(["sha256"]);
    expect(digestsOf(Buffer.alloc(0)).sha256).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});
