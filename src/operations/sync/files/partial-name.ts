import { join } from "node:path";
import { digestsOf } from "../../../platform/running-digests.ts";
import type { ListedFile } from "../../../repository/index.ts";
import type { Intake } from "./intake.ts";

/** Stable between runs, so that an interrupted download is found again, and never the upstream's own text. */
export const partialName = ({ digests, path }: ListedFile): string =>
  digests.sha256 ?? digestsOf(Buffer.from(`${digests.sha512 ?? ""} ${path}`)).sha256;

export const partialPath = ({ partials }: Pick<Intake, "partials">, file: ListedFile): string =>
  join(partials, partialName(file));
