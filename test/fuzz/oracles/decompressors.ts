import { ok } from "node:assert/strict";
import { runProgram } from "../../support/index.ts";
import type { Oracle } from "../engine/target.ts";

/** The usual program must decompress to the same bytes. */
export async function openDecompressorOracle(
  read: (input: Uint8Array) => Promise<{ readonly program: string; readonly bytes: Buffer }>,
): Promise<Oracle> {
  return {
    async compare(inputs) {
      for (const input of inputs) {
        const { program, bytes } = await read(input);
        const { exitCode, stdout, output } = await runProgram(program, ["-dc"], { input });
        // apt's zlib too ignores data after the last member. Any other warning of gzip is a difference.
        const isRead =
          exitCode === 0 || (exitCode === 2 && output.includes("decompression OK, trailing garbage"));
        ok(isRead, `${program} ends with ${exitCode}: ${output.slice(0, 500)}`);
        ok(stdout.equals(bytes), `${program} reads ${stdout.length} bytes, mirrorctl ${bytes.length}`);
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}
