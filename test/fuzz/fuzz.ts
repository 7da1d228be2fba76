import { join, relative } from "node:path";
import { findingsDir, keptCorpus, readCorpus, workCorpus, writeInput } from "./engine/corpus.ts";
import { type Failure, watchCampaign } from "./engine/watch.ts";
import type { CampaignReport } from "./engine/worker.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Goes on from what former runs on this machine found, and keeps what it finds. */
  readonly usesWorkCorpus: boolean;
}

export interface FuzzResult {
  /** Lines that say what was done, and what to do about a failure. */
  readonly text: string;
  readonly failure: Failure | undefined;
}

/** Fuzzes one target, by its name. */
export async function fuzz(name: string, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, seconds, usesWorkCorpus } = options;
  const workDir = join(workCorpus, name);
  const files = [...readCorpus(join(keptCorpus, name)), ...(usesWorkCorpus ? readCorpus(workDir) : [])];
  let found = 0;
  const { report, failure } = await watchCampaign(
    {
      targetsModule: join(import.meta.dirname, "targets/index.ts"),
      targetName: name,
      led: /\/src\/(?!errors\.ts$).*\.ts$/,
      seed,
      seconds,
      corpus: files.map(({ bytes }) => bytes),
    },
    (input) => {
      found += 1;
      if (usesWorkCorpus) writeInput(workDir, input);
    },
  );
  const lines = [
    ...(report === undefined
      ? []
      : [`${name}, ${describeReport(seed, report)}; ${files.length} inputs kept, ${found} new`]),
    ...(failure === undefined ? [] : describeFailure(name, seed, failure)),
  ];
  return { text: `${lines.join("\n")}\n`, failure };
}

function describeReport(
  seed: number,
  { executions, accepted, compared, seconds, edges }: CampaignReport,
): string {
  const parts = [
    `seed ${seed}: ${inWords(executions)} executions in ${seconds.toFixed(1)} s`,
    `${inWords(executions / seconds)} a second`,
    `${inWords(accepted)} accepted`,
    ...(compared > 0 ? [`${inWords(compared)} compared`] : []),
    `${edges} edges`,
  ];
  return parts.join(", ");
}

const inWords = (count: number): string => Math.round(count).toLocaleString("en");

function describeFailure(name: string, seed: number, { input, reason }: Failure): string[] {
  const path = relative(process.cwd(), writeInput(join(findingsDir, name), input));
  return [
    `${name}, seed ${seed}: a property does not hold for the ${input.length} bytes of ${path}`,
    reason.replaceAll(/^/gm, "    "),
    `See it again:              node test/fuzz/replay.ts ${name} ${path}`,
    `Mend it, and keep it with: cp ${path} test/fuzz/corpus/${name}/<what it shows>`,
  ];
}
