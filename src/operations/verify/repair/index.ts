/** From damaged files to right bytes in their place, in every tree that shares them. */
export type { BrokenName } from "./broken-file.ts";
export type { RepairOutcome } from "./outcome.ts";
export type { Repair } from "./repair.ts";
export { repairDamage } from "./repair-damage.ts";
