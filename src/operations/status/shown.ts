import type { LinkTarget, PublicName } from "../../publish/index.ts";
import type { Concern } from "../../report/concerns.ts";
import { describeTree, type Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { warnBeforeExpiryMs } from "../expiry.ts";
import { workingMirrorName } from "../working-mirror-name.ts";

/** The tree that a public name shows. */
export interface ShownTree {
  readonly name: string;
  readonly createdAt: Date | undefined;
  readonly sizeBytes: number | undefined;
  /** The earliest Valid-Until of its suites: after it clients refuse them. */
  readonly validUntil: Date | undefined;
}

export function describeShown(context: MirrorContext, target: LinkTarget): ShownTree | undefined {
  switch (target.kind) {
    case "none":
    case "foreign":
      return undefined;
    case "working-mirror": {
      const generation = context.working.current();
      if (generation === undefined) return undefined;
      const { sizeBytes, releases } = describeTree(generation.path);
      return { name: workingMirrorName, createdAt: undefined, sizeBytes, validUntil: earliest(releases) };
    }
    case "snapshot": {
      const snapshot = context.catalog.find(target.name);
      return snapshot && describeSnapshot(snapshot);
    }
  }
}

const describeSnapshot = ({ name, createdAt, meta }: Snapshot): ShownTree => ({
  name,
  createdAt,
  sizeBytes: meta.sizeBytes,
  validUntil: earliest(meta.releases),
});

function earliest(releases: readonly { readonly validUntil?: string | undefined }[]): Date | undefined {
  const times = releases
    .flatMap(({ validUntil }) => (validUntil === undefined ? [] : [validUntil]))
    .toSorted();
  return times[0] === undefined ? undefined : new Date(times[0]);
}

export function concernsOfLink(
  link: PublicName,
  target: LinkTarget,
  shown: ShownTree | undefined,
  now: Date,
): readonly Concern[] {
  if (target.kind === "foreign") return [{ kind: "link-foreign", link, path: target.path }];
  if (target.kind === "snapshot" && shown === undefined)
    return [{ kind: "link-dangling", link, name: target.name }];
  return concernsOfExpiry(link, shown?.validUntil, now);
}

function concernsOfExpiry(link: PublicName, validUntil: Date | undefined, now: Date): readonly Concern[] {
  if (validUntil === undefined) return [];
  const leftMs = validUntil.getTime() - now.getTime();
  if (leftMs > warnBeforeExpiryMs) return [];
  if (leftMs <= 0) return [{ kind: "release-expired", link, validUntil }];
  return [{ kind: "release-expiring", link, validUntil, leftMs }];
}
