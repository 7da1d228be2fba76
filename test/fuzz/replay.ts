/** Checks the inputs of files, also with the oracle: `node test/fuzz/replay.ts release FILE…`. */
import { readFileSync } from "node:fs";
import { findTarget } from "./targets/index.ts";

const [targetName = "", ...files] = process.argv.slice(2);
const target = await findTarget(targetName);
await using oracle = await target.oracle?.open();
for (const file of files) {
  const input = readFileSync(file);
  const { user: before } = process.cpuUsage();
  const { kind, word } = await target.check(input);
  const ms = Math.round((process.cpuUsage().user - before) / 1_000);
  if (kind === "accepted") await oracle?.compare([input]);
  process.stdout.write(`${file}, ${input.length} bytes, ${ms} ms: ${kind} ${word}\n`);
}
