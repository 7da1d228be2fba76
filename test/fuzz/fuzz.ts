import { join, relative } from "node:path";
import { findingsDir, isGiven, keptCorpus, readCorpus, workCorpus, writeInput } from "./engine/corpus.ts";
import { type Finding, watchCampaign } from "./engine/watch.ts";
import type { Bound, CampaignReport } from "./engine/worker.ts";
import { ledModulesOf } from "./targets/index.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly bound: Bound;
  /** Continues from the findings of former runs on this machine, and keeps its own. */
  readonly usesWorkCorpus: boolean;
}

export interface FuzzResult {
  /** Lines that say what was done, and what to do about a failure. */
  readonly text: string;
  /** Undefined if a hang or lack of memory left none. */
  readonly report: CampaignReport | undefined;
  readonly failure: Finding | undefined;
  /** The number of first inputs. */
  readonly keptInputs: number;
}

/** Fuzzes one target, by its name. */
export async function fuzz(name: string, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, bound, usesWorkCorpus } = options;
  const workDir = join(workCorpus, name);
  const files = [...readCorpus(join(keptCorpus, name)), ...(usesWorkCorpus ? readCorpus(workDir) : [])];
  let found = 0;
  const { report, failure } = await watchCampaign(
    {
      targetsModule: join(import.meta.dirname, "targets/index.ts"),
      targetName: name,
      led: ledModulesOf(name),
      seed,
      bound,
      given: files.filter(isGiven).map(({ bytes }) => bytes),
      found: files.filter((file) => !isGiven(file)).map(({ bytes }) => bytes),
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
  return { text: `${lines.join("\n")}\n`, report, failure, keptInputs: files.length };
}

function describeReport(
  seed: number,
  { executions, accepted, compared, seconds, edges }: CampaignReport,
): string {
  const parts = [
    `seed ${seed}: ${inWords(executions)} executions in ${seconds.toFixed(1)} s`,
    ...(seconds > 1 ? [`${inWords(executions / seconds)} a second`] : []),
    `${inWords(accepted)} accepted`,
    ...(compared > 0 ? [`${inWords(compared)} compared`] : []),
    `${edges} edges`,
  ];
  return parts.join(", ");
}

const inWords = (count: number): string => Math.round(count).toLocaleString("en");

function describeFailure(name: string, seed: number, { input, reason }: Finding): string[] {
  const path = relative(process.cwd(), writeInput(join(findingsDir, name), input));
  return [
    `${name}, seed ${seed}: a property does not hold for the ${input.length} bytes of ${path}`,
    reason.replaceAll(/^/gm, "    "),
    `See it again:              node test/fuzz/replay.ts ${name} ${path}`,
    `Repair it, and keep it with: cp ${path} test/fuzz/corpus/${name}/<what it shows>`,
  ];
}
