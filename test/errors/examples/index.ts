import type { Example } from "../stage.ts";
import { configExamples } from "./config.ts";
import { exportExamples } from "./export.ts";
import { productionExamples } from "./production.ts";
import { repositoryExamples } from "./repository.ts";
import { snapshotExamples } from "./snapshot.ts";
import { storeExamples } from "./store.ts";
import { trustExamples } from "./trust.ts";
import { upstreamExamples } from "./upstream.ts";

/** One for each error that the program declares, by area/CODE. */
export const examples: Readonly<Record<string, Example>> = {
  ...configExamples,
  ...exportExamples,
  ...productionExamples,
  ...repositoryExamples,
  ...snapshotExamples,
  ...storeExamples,
  ...trustExamples,
  ...upstreamExamples,
};
