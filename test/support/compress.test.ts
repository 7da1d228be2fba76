import { expect, test } from "vitest";
import { compress } from "./compress.ts";
import { runProgram } from "./run-program.ts";

test.each(["gz", "xz", "bz2", "zst"] as const)(
  "what was compressed as %s is not changed by a caller",
  async (form) => {
    const content = Buffer.from(`Package: of-${form}\n`);
    const first = await compress(content, form);
    const kept = Buffer.from(first);
    first.fill(0);
    expect(await compress(content, form)).toEqual(kept);
  },
);

test("each content and each form has bytes of its own", async () => {
  const contents = ["", "Package: a\n", "Package: b\n"];
  for (const [form, program] of [
    ["gz", "gzip"],
    ["xz", "xz"],
    ["bz2", "bzip2"],
    ["zst", "zstd"],
  ] as const) {
    for (const content of [...contents, ...contents]) {
      const { stdout } = await runProgram(program, ["-dc"], {
        input: await compress(Buffer.from(content), form),
      });
      expect(stdout.toString()).toBe(content);
    }
  }
});
