import type { AptSource, Platform } from "../../../clients/index.ts";
import type { Subject } from "../subject/subject.ts";
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
