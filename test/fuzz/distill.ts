/**
 * Rebuilds the kept corpus of targets from the findings of former runs: `node test/fuzz/distill.ts release…`, or all
 * targets without arguments. Inputs with names by people stay. Of the others, it keeps the smallest that together take
 * every path, and none larger than a few kilobytes.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isGiven, keptCorpus, readCorpus, workCorpus, writeInput } from "./engine/corpus.ts";
import { Coverage } from "./engine/coverage.ts";
import { minimize } from "./engine/minimize.ts";
import { findTarget, programModules, targetNames } from "./targets/index.ts";

const bytesMax = 2_500;
const triesMax = 400;

// Before anything of src is loaded; the targets load it one by one.
const coverage = Coverage.ofModules(programModules);

for (const targetName of process.argv.length > 2 ? process.argv.slice(2) : targetNames) {
  const target = await findTarget(targetName);
  const keptDir = join(keptCorpus, target.name);
  const kept = readCorpus(keptDir);
  const covered = new Set<string>();

  /** The edges that an input is the first to take. */
  const newIn = async (input: Uint8Array): Promise<ReadonlySet<string>> => {
    coverage.reset();
    const { kind, word } = await target.check(input);
    return coverage.features(kind === "refused" ? (word.split(" ")[0] ?? "") : kind).difference(covered);
  };

  for (const file of kept.filter(isGiven))
    for (const feature of await newIn(file.bytes)) covered.add(feature);
  const found = [...kept.filter((file) => !isGiven(file)), ...readCorpus(join(workCorpus, target.name))];
  for (const { name } of kept.filter((file) => !isGiven(file))) rmSync(join(keptDir, name));
  let count = 0;
  for (const { bytes } of found.toSorted((a, b) => a.bytes.length - b.bytes.length)) {
    const features = await newIn(bytes);
    if (features.size === 0 || bytes.length > bytesMax) continue;
    const passesAll = async (input: Uint8Array) => features.isSubsetOf(await newIn(input));
    let tries = 0;
    writeInput(keptDir, await minimize(bytes, passesAll, () => tries++ < triesMax));
    for (const feature of features) covered.add(feature);
    count += 1;
  }
  process.stdout.write(
    `${target.name}: ${kept.filter(isGiven).length} named inputs, ${count} of ${found.length} others\n`,
  );
}
