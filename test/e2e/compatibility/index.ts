/**
 * Repositories made by other programs, and what clients do with mirrorctl's mirror of each. The end-to-end tests run
 * over this table, and docs/compatibility.md lists it.
 */
import { aptFtparchiveCases } from "./apt-ftparchive.ts";
import { aptlyCases } from "./aptly.ts";
import type { CompatibilityCase } from "./case.ts";
import { dpkgScanCases } from "./dpkg-scan.ts";
import { fileNameCases } from "./file-names.ts";
import { indexFormCases } from "./index-forms.ts";
import { releaseCases } from "./releases.ts";
import { repreproCases } from "./reprepro.ts";
import { sourceCases } from "./sources.ts";
import { stanzaCases } from "./stanzas.ts";

export type { CompatibilityCase, RepositoryClient } from "./case.ts";

/** Repositories as generators make them. */
export const generatorCases: readonly CompatibilityCase[] = [
  ...aptFtparchiveCases,
  ...repreproCases,
  ...aptlyCases,
  ...dpkgScanCases,
];

/** Legal but rare repositories at the edges of the formats. */
export const unusualCases: readonly CompatibilityCase[] = [
  ...fileNameCases,
  ...sourceCases,
  ...stanzaCases,
  ...releaseCases,
  ...indexFormCases,
];
