/** Metrics for Prometheus: what is known of each mirror, as samples and as text. Pure: values in, values out. */
export type { MirrorFacts, Stage, StageFacts } from "./facts.ts";
export { formatMetrics, type Metric } from "./metric.ts";
export { metricsOf } from "./metrics-of.ts";
