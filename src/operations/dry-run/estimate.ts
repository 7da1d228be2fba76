import type { PlannedFile, TreePlan } from "../../plan/index.ts";
import { pacedBatches } from "../../platform/paced.ts";
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
  const unheld = unchanged ? [] : await findMissing(context, held, plan);
  const found = context.found && (await estimateFound(context, context.found, unheld));
  const missing = found?.missing ?? unheld;
  forecast.settle(plan, found?.takingSpace ?? unheld, { tree: intake.root, unchanged });
  const needs = forecast.needs();
  const estimated = {
    unchanged,
    files: plan.count,
    sizeBytes: plan.sizeBytes,
    missingFiles: missing.length,
    missingBytes: missing.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0),
    reusable: found?.reusable,
    freeBytes: context.freeSpace(context.layout.dir).bytes,
    needs,
    shortages: forecast.shortagesOf(needs),
  };
  return { estimated, forecast };
}

/** Of a file each. */
const looksPerTurn = 250;

async function findMissing(context: DryRunContext, held: HeldFiles, plan: TreePlan): Promise<PlannedFile[]> {
  const missing: PlannedFile[] = [];
  for await (const files of pacedBatches(plan.files(), context.signal, looksPerTurn))
    for (const file of files) if ((await held.find(file)) === undefined) missing.push(file);
  const images = missing.filter(({ sizeBytes }) => sizeBytes === undefined).length;
  if (images > 0) context.emit({ type: "images-uncounted", images });
  return missing;
}
