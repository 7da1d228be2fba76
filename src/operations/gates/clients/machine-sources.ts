import type { AptSource, Platform } from "../../../clients/index.ts";
import type { GatePorts, Subject } from "../subject/subject.ts";
import { trustInputs } from "../trust-inputs.ts";
import { aptSourcesOf, asBaseline } from "./apt-sources.ts";

/** Returns what machines install from once the snapshot is promoted: from that, and from the other mirrors. */
export async function sourcesAfter(
  subject: Subject,
  others: readonly string[],
  platform: Platform,
): Promise<readonly AptSource[]> {
  const sources = [...(await aptSourcesOf(subject.ports, subject.tree, platform))];
  for (const id of others) {
    const { ports, after } = await subject.beside(id);
    sources.push(...(await aptSourcesOf(ports, after, platform)));
  }
  return sources;
}

/** Returns what machines install from now; undefined if the mirror has nothing in production. */
export async function sourcesBefore(
  subject: Subject,
  others: readonly string[],
  platform: Platform,
): Promise<readonly AptSource[] | undefined> {
  const shown = await subject.production();
  if (shown === undefined) return undefined;
  const sources = [...(await aptSourcesOf(subject.ports, shown, platform))];
  for (const id of others) {
    const { ports, before } = await subject.beside(id);
    if (before !== undefined) sources.push(...(await aptSourcesOf(ports, before, platform)));
  }
  return asBaseline(sources);
}

/** Returns a text that is the same while machines trust the same keys, of this mirror and of the others. */
export const trustOfMachines = (ports: GatePorts, others: readonly string[]): string =>
  JSON.stringify([ports, ...others.map((id) => ports.other(id))].map(trustInputs));

/** Returns how long what apt said holds: until the first of the suites expires. */
export function untilOf(sources: readonly AptSource[]): { readonly until?: Date } {
  const ends = sources.flatMap(({ release, accepts }) => (accepts.expired ? [] : (release.validUntil ?? [])));
  const [until] = ends.toSorted((a, b) => a.getTime() - b.getTime());
  return until === undefined ? {} : { until };
}
