import type { ImportOutcome } from "../../operations/imports/index.ts";
import type { ImportAnswer } from "./schemas/import.ts";

export const importJson = ({
  text,
  mirrors,
  remarks,
  written,
  unwrittenPasswords,
}: ImportOutcome): ImportAnswer => ({
  configuration: text,
  mirrors,
  remarks: remarks.map(({ kind, place, said, means }) => ({ kind, ...place, said, means })),
  written,
  unwrittenPasswords,
});
