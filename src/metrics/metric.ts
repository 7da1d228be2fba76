/** A metric of Prometheus: a name with its samples. All are gauges: they say how things are now. */
export interface Metric {
  /** With its base unit at the end, and without "mirrorctl_". */
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Returns the text of the metrics that have a sample. It is OpenMetrics and also the older text format, which is all that
 * the textfile collector reads: there, "# EOF" is a comment. Both know gauges; the types "info" and "stateset" are new.
 */
export const formatMetrics = (metrics: readonly Metric[]): string => {
  const known = metrics.filter(({ samples }) => samples.length > 0);
  return [...known.map(formatMetric), "# EOF\n"].join("");
};

function formatMetric({ name, help, samples }: Metric): string {
  const full = `mirrorctl_${name}`;
  const lines = samples.map(({ labels, value }) => `${full}${formatLabels(labels)} ${value}`);
  return `${[`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines].join("\n")}\n`;
}

function formatLabels(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapeValue = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
