/**
 * Repositories that programs of others make, and what clients do with mirrorctl's mirror of each: one table for the
 * end-to-end tests, which run over it, and for docs/compatibility.md, which lists it.
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

/** As generators make them. */
export const generatorCases: readonly CompatibilityCase[] = [
  ...aptFtparchiveCases,
  ...repreproCases,
  ...aptlyCases,
  ...dpkgScanCases,
];

/** At the edges of the formats: legal, and rarely made. */
export const unusualCases: readonly CompatibilityCase[] = [
  ...fileNameCases,
  ...sourceCases,
  ...stanzaCases,
  ...releaseCases,
  ...indexFormCases,
];
