import type { GatePorts } from "../gates/index.ts";
import type { ProductionMove, ProductionPorts } from "../production/index.ts";

/** What a promotion needs of a mirror. */
export type PromotionPorts = ProductionPorts & GatePorts;

/** Production of one mirror on its way to a snapshot that gates test. */
export interface PromotionMove extends ProductionMove {
  readonly ports: PromotionPorts;
}
