import { ok } from "node:assert/strict";
import { runProgram } from "../../support/index.ts";
import type { Oracle } from "../engine/target.ts";

/** The program that everybody else decompresses with must read the same bytes. */
export async function openDecompressorOracle(
  read: (input: Uint8Array) => Promise<{ readonly program: string; readonly bytes: Buffer }>,
): Promise<Oracle> {
  return {
    async compare(inputs) {
      for (const input of inputs) {
        const { program, bytes } = await read(input);
        const { exitCode, stdout, output } = await runProgram(program, ["-dc"], { input });
        // gzip(1): 2 is a warning, of zeros and the like behind the last member; it has read what is there.
        const isRead = exitCode === 0 || (program === "gzip" && exitCode === 2);
        ok(isRead, `${program} ends with ${exitCode}: ${output.slice(0, 500)}`);
        ok(stdout.equals(bytes), `${program} reads ${stdout.length} bytes, mirrorctl ${bytes.length}`);
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}
