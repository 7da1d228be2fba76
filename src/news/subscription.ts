import { matchesGlob } from "node:path";
import type { NewsEvent } from "./event.ts";
import type { News } from "./news.ts";

/** Which news somebody wants. */
export interface Subscription {
  readonly events: readonly NewsEvent[];
  /** Ids of mirrors, with "*" and "?". */
  readonly mirrors: readonly string[];
}

export const isWanted = ({ events, mirrors }: Subscription, news: News): boolean =>
  events.includes(news.event) && mirrorsOf(news).some((mirror) => isAbout(mirrors, mirror));

export const isAbout = (globs: readonly string[], mirror: string): boolean =>
  globs.some((glob) => matchesGlob(mirror, glob));

const mirrorsOf = (news: News): readonly string[] => (news.event === "disk" ? news.mirrors : [news.mirror]);
