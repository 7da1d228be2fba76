import type { Exported } from "../../operations/export/index.ts";
import type { ExportAnswer } from "./schemas/export.ts";

export const exportJson = (exported: Exported): ExportAnswer => exported;
