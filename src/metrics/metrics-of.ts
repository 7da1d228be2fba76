import type { MirrorFacts, StageFacts } from "./facts.ts";
import type { Metric, Sample } from "./metric.ts";

/** Returns every metric, in the order of docs/monitoring.md. */
export const metricsOf = (
  build: { readonly version: string; readonly commit: string },
  mirrors: readonly MirrorFacts[],
): readonly Metric[] => [
  {
    name: "build_info",
    help: "The mirrorctl that wrote these metrics.",
    samples: [{ labels: { version: build.version, commit: build.commit }, value: 1 }],
  },
  ...syncMetrics(mirrors),
  ...stageMetrics(mirrors),
  ...promotionMetrics(mirrors),
  ...careMetrics(mirrors),
];

type SamplesOf<Fact> = (fact: Fact) => readonly Sample[];

function metric<Fact>(
  facts: readonly Fact[],
  name: string,
  help: string,
  samplesOf: SamplesOf<Fact>,
): Metric {
  return { name, help, samples: facts.flatMap(samplesOf) };
}

const sample = (labels: Sample["labels"], value: number | undefined): readonly Sample[] =>
  value === undefined ? [] : [{ labels, value }];

const seconds = (at: Date | undefined): number | undefined => at && at.getTime() / 1000;

const syncMetrics = (mirrors: readonly MirrorFacts[]): readonly Metric[] => [
  metric(mirrors, "sync_timestamp_seconds", "When the last sync was recorded.", ({ mirror, lastRun }) =>
    sample({ mirror }, seconds(lastRun?.at)),
  ),
  metric(mirrors, "sync_success", "1 if the last sync succeeded, 0 if it failed.", ({ mirror, lastRun }) =>
    sample({ mirror }, lastRun && Number(lastRun.succeeded)),
  ),
  metric(
    mirrors,
    "sync_success_timestamp_seconds",
    "When a sync last succeeded, with or without anything new.",
    ({ mirror, lastSuccessAt }) => sample({ mirror }, seconds(lastSuccessAt)),
  ),
  metric(
    mirrors,
    "sync_duration_seconds",
    "How long the last sync took, if it succeeded.",
    ({ mirror, downloaded }) => sample({ mirror }, downloaded && downloaded.elapsedMs / 1000),
  ),
  metric(
    mirrors,
    "sync_downloaded_bytes",
    "What the last sync downloaded, if it succeeded.",
    ({ mirror, downloaded }) => sample({ mirror }, downloaded?.bytes),
  ),
  metric(
    mirrors,
    "sync_downloaded_files",
    "How many files the last sync downloaded, if it succeeded.",
    ({ mirror, downloaded }) => sample({ mirror }, downloaded?.files),
  ),
];

type MirrorStage = StageFacts & { readonly mirror: string };

const labels = ({ mirror, stage }: MirrorStage) => ({ mirror, stage });

function stageMetrics(mirrors: readonly MirrorFacts[]): readonly Metric[] {
  const stages = mirrors.flatMap(({ mirror, stages: own }) => own.map((stage) => ({ mirror, ...stage })));
  const releases = stages.flatMap((stage) =>
    stage.releases.map((release) => ({ ...release, labels: { ...labels(stage), suite: release.suite } })),
  );
  return [
    metric(stages, "stage_info", "The snapshot that a stage shows.", (stage) =>
      sample({ ...labels(stage), snapshot: stage.snapshot }, 1),
    ),
    metric(stages, "stage_changed_timestamp_seconds", "When the stage last changed.", (stage) =>
      sample(labels(stage), seconds(stage.changedAt)),
    ),
    metric(stages, "stage_packages", "Packages of the stage.", (stage) =>
      sample(labels(stage), stage.packages),
    ),
    metric(stages, "stage_size_bytes", "Size of the files of the stage.", (stage) =>
      sample(labels(stage), stage.sizeBytes),
    ),
    metric(releases, "release_timestamp_seconds", "Date of the Release of a suite.", (release) =>
      sample(release.labels, seconds(release.date)),
    ),
    metric(
      releases,
      "release_valid_until_timestamp_seconds",
      "Valid-Until of the Release of a suite: clients refuse it afterwards.",
      (release) => sample(release.labels, seconds(release.validUntil)),
    ),
  ];
}

const promotionMetrics = (mirrors: readonly MirrorFacts[]): readonly Metric[] => [
  metric(
    mirrors,
    "staged_changes",
    "Packages that a promotion of the staged snapshot would change, by kind.",
    ({ mirror, stagedChanges = {} }) =>
      Object.entries(stagedChanges).flatMap(([kind, value]) => sample({ mirror, kind }, value)),
  ),
  metric(
    mirrors,
    "gate_result",
    "1 for the verdict of each gate on the staged snapshot.",
    ({ mirror, gates }) => gates.flatMap(({ gate, verdict }) => sample({ mirror, gate, verdict }, 1)),
  ),
];

const careMetrics = (mirrors: readonly MirrorFacts[]): readonly Metric[] => [
  metric(mirrors, "snapshots", "Snapshots of the mirror.", ({ mirror, snapshots }) =>
    sample({ mirror }, snapshots),
  ),
  metric(
    mirrors,
    "snapshot_unique_bytes",
    "Bytes that only this snapshot has, and that its deletion would free.",
    ({ mirror, uniqueBytes }) =>
      uniqueBytes.flatMap(({ snapshot, bytes }) => sample({ mirror, snapshot }, bytes)),
  ),
  metric(
    mirrors,
    "key_expiry_timestamp_seconds",
    "When a key of pgp_key_path expires or, without that, one that signed the last sync.",
    ({ mirror, keys }) =>
      keys.flatMap(({ fingerprint, expiresAt }) => sample({ mirror, fingerprint }, seconds(expiresAt))),
  ),
  metric(
    mirrors,
    "damaged_files",
    "Files that a verification found damaged and nobody repaired; 1 if their number is unknown.",
    ({ mirror, damaged }) => damaged.flatMap(({ tree, files }) => sample({ mirror, tree }, files)),
  ),
  ...spaceMetrics(mirrors),
];

/** Mirrors share file systems: each path is named once. */
function spaceMetrics(mirrors: readonly MirrorFacts[]): readonly Metric[] {
  const places = new Map(mirrors.flatMap(({ space }) => space.map((place) => [place.path, place])));
  return [
    metric([...places.values()], "filesystem_free_bytes", "Free bytes for this path.", ({ path, bytes }) =>
      sample({ path }, bytes),
    ),
    metric([...places.values()], "filesystem_free_inodes", "Free inodes for this path.", ({ path, inodes }) =>
      sample({ path }, inodes),
    ),
  ];
}
