import { ChosenFiles, type PlannedFiles, plannedFiles, type TreePlan } from "../../plan/index.ts";
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
  const { plan } = await planFiles(context, suites, intake.root);
  const unheld = unchanged ? plannedFiles([]) : await findMissing(context, held, plan);
  const found = context.found && (await estimateFound(context, context.found, [...unheld.files()]));
  const missing = found === undefined ? unheld : plannedFiles(found.missing);
  const takingSpace = found === undefined ? unheld : plannedFiles(found.takingSpace);
  forecast.settle(plan, takingSpace, { tree: intake.root, unchanged });
  const needs = forecast.needs();
  const estimated = {
    unchanged,
    files: plan.count,
    sizeBytes: plan.sizeBytes,
    missingFiles: missing.count,
    missingBytes: missing.sizeBytes,
    reusable: found?.reusable,
    freeBytes: context.freeSpace(context.layout.dir).bytes,
    needs,
    shortages: forecast.shortagesOf(needs),
  };
  return { estimated, forecast };
}

/** Of a file each. */
const looksPerTurn = 250;

async function findMissing(context: DryRunContext, held: HeldFiles, plan: TreePlan): Promise<PlannedFiles> {
  const missing = new ChosenFiles(plan);
  let images = 0;
  for await (const files of pacedBatches(plan.files(), context.signal, looksPerTurn))
    for (const file of files) {
      const found = held.find(file);
      const isMissing = (found instanceof Promise ? await found : found) === undefined; // mostly nothing is waited for
      missing.next(file, isMissing);
      if (isMissing && file.sizeBytes === undefined) images++;
    }
  if (images > 0) context.emit({ type: "images-uncounted", images });
  return missing;
}
