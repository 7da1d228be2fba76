import type { PlannedFile, TreePlan } from "../../plan/index.ts";
import { pacedBatches } from "../../platform/flow/paced.ts";
import {
  downloadReleases,
  estimateFound,
  fetchIndices,
  isShown,
  planFiles,
  selectSuites,
} from "../sync/index.ts";
import type { DryRunContext, SyncEstimate } from "./dry-run-context.ts";
import { Forecast } from "./forecast.ts";
import { type HeldFiles, heldFiles } from "./held-files.ts";
import { temporaryIntake } from "./temporary-intake.ts";

/** Estimates what a sync would download, and whether it fits. */
export async function estimate(
  context: DryRunContext,
): Promise<{ readonly estimated: SyncEstimate; readonly forecast: Forecast }> {
  const held = heldFiles(context);
  const forecast = new Forecast(context);
  const intake = temporaryIntake(context.temporary, held, forecast);
  const releases = await downloadReleases(context);
  // A sync requests again what the present tree lacks. If upstream has it now, there is a new tree.
  const unchanged = isShown(context, releases) && (context.state?.lacking ?? []).length === 0;
  if (unchanged) context.emit({ type: "upstream-unchanged" });
  const suites = [];
  for (const suite of selectSuites(context, releases)) {
    forecast.addSignatures(suite.files);
    suites.push((await fetchIndices(context, suite, intake)).contents);
  }
  const plan = await planFiles(context, suites, intake.root);
  const toCome = await addMissing(context, forecast, unchanged ? [] : findUnheld(context, held, plan));
  forecast.settle(plan, { tree: intake.root, unchanged });
  const needs = forecast.needs();
  const estimated = {
    unchanged,
    files: plan.count,
    sizeBytes: plan.sizeBytes,
    ...toCome,
    freeBytes: context.freeSpace(context.layout.dir).bytes,
    needs,
    shortages: forecast.shortagesOf(needs),
  };
  return { estimated, forecast };
}

/** Adds to the forecast what takes space of the files that are not held. Returns what a sync would download of them. */
async function addMissing(
  context: DryRunContext,
  forecast: Forecast,
  unheld: Iterable<readonly PlannedFile[]> | AsyncIterable<readonly PlannedFile[]>,
): Promise<Pick<SyncEstimate, "missingFiles" | "missingBytes" | "reusable">> {
  if (context.found !== undefined) {
    const files = (await Array.fromAsync(unheld)).flat();
    const { missing, takingSpace, reusable } = await estimateFound(context, context.found, files);
    for (const file of takingSpace) forecast.add(file);
    const missingBytes = missing.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
    return { missingFiles: missing.length, missingBytes, reusable };
  }
  let [missingFiles, missingBytes] = [0, 0];
  for await (const files of unheld)
    for (const file of files) {
      forecast.add(file);
      missingFiles++;
      missingBytes += file.sizeBytes ?? 0;
    }
  return { missingFiles, missingBytes, reusable: undefined };
}

/** Of a file each. */
const looksPerTurn = 250;

/** Yields the files of a plan that are not held, in batches. */
async function* findUnheld(
  context: DryRunContext,
  held: HeldFiles,
  plan: TreePlan,
): AsyncGenerator<readonly PlannedFile[], void, undefined> {
  let images = 0;
  for await (const files of pacedBatches(plan.files(), context.signal, looksPerTurn)) {
    const unheld: PlannedFile[] = [];
    for (const file of files) {
      const found = held.find(file);
      if ((found instanceof Promise ? await found : found) !== undefined) continue; // mostly nothing is waited for
      unheld.push(file);
      if (file.sizeBytes === undefined) images++;
    }
    yield unheld;
  }
  if (images > 0) context.emit({ type: "images-uncounted", images });
}
