/** What changed, in words for people who were not looking. */
import type { Message, News } from "../../news/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import { countOf, formatTime } from "../units.ts";
import { repairCommand } from "./damage.ts";
import { spaceText } from "./shortage.ts";

type NewsOf<Event extends News["event"]> = Extract<News, { readonly event: Event }>;

interface Words<Item extends News> {
  readonly mood: Message["mood"];
  readonly title: (news: Item) => string;
  readonly lines: (news: Item) => readonly string[];
}

const words: { readonly [Event in News["event"]]: Words<NewsOf<Event>> } = {
  "sync.failed": {
    mood: "bad",
    title: ({ mirror }) => `${mirror}: sync failed`,
    lines: ({ mirror, since, reason }) => [
      reason ?? "The log has the reason.",
      `Since ${timeText(since)}. Clients keep what they have; further failures are not reported.`,
      `See: mirrorctl status ${mirror}`,
    ],
  },
  "sync.recovered": {
    mood: "good",
    title: ({ mirror }) => `${mirror}: sync works again`,
    lines: ({ failedSince }) => [`It had failed since ${timeText(failedSince)}.`],
  },
  staged: {
    mood: "plain",
    title: ({ mirror, snapshot }) => `${mirror}: ${snapshot} is staged`,
    lines: ({ mirror, packages }) => [
      ...(packages === undefined ? [] : [`It has ${countOf(packages, "package")}.`]),
      `See what would change: mirrorctl snapshot promote ${mirror} --dry-run`,
    ],
  },
  "gate.failed": {
    mood: "bad",
    title: ({ mirror, snapshot, gates }) => `${mirror}: ${snapshot} fails ${gates.join(", ")}`,
    lines: ({ mirror }) => [
      "It cannot be promoted; production stays as it is.",
      `See why: mirrorctl snapshot test ${mirror}`,
    ],
  },
  promoted: {
    mood: "plain",
    title: ({ mirror, snapshot }) => `${mirror}: ${snapshot} is in production`,
    lines: ({ from, by, reason, withoutGates }) => [
      ...(withoutGates === true ? ["It was published without asking any gate."] : []),
      ...replaced(from),
      ...who(by, reason),
    ],
  },
  rolled_back: {
    mood: "bad",
    title: ({ mirror, snapshot }) => `${mirror}: production was rolled back to ${snapshot}`,
    lines: ({ from, by, reason }) => [...replaced(from), ...who(by, reason)],
  },
  expiring: {
    mood: "bad",
    title: ({ mirror, link, hasExpired }) =>
      `${mirror}: the Release in ${link} ${hasExpired ? "has expired" : "expires soon"}`,
    lines: ({ snapshot, validUntil, hasExpired }) => [
      `${snapshot} is valid until ${timeText(validUntil)}: clients refuse it ${hasExpired ? "now" : "then"}.`,
      "Sync, and promote what is newer.",
    ],
  },
  damaged: {
    mood: "bad",
    title: ({ mirror, tree, shownAs }) =>
      `${mirror}: ${treeText(tree)}${shownAs.length === 0 ? "" : `, which is in ${shownAs.join(" and ")},`} is damaged`,
    lines: ({ mirror, tree, files }) => [
      ...(files === undefined ? [] : [`Damaged files: ${files}.`]),
      tree === workingMirrorName
        ? `The next sync replaces it: mirrorctl sync ${mirror}`
        : `Repair it: ${repairCommand(mirror, tree)}`,
    ],
  },
  disk: {
    mood: "bad",
    title: ({ path }) => `the disk of ${path} is almost full`,
    lines: ({ mirrors, freeBytes, freeInodes }) => [
      `${spaceText({ bytes: freeBytes, inodes: freeInodes })} free.`,
      `Mirrors: ${mirrors.join(", ")}`,
      "See what can go: mirrorctl snapshot prune --dry-run",
    ],
  },
};

const treeText = (tree: string): string => (tree === workingMirrorName ? "the working mirror" : tree);
const timeText = (iso: string): string => formatTime(new Date(iso));
const replaced = (from: string | undefined): readonly string[] =>
  from === undefined ? [] : [`Before: ${from}`];

const who = (by: string | undefined, reason: string | undefined): readonly string[] => [
  ...(by === undefined ? [] : [`By: ${by}`]),
  ...(reason === undefined ? [] : [`Reason: ${reason}`]),
];

const titleOf = <Event extends News["event"]>(news: NewsOf<Event>): string => {
  const { title }: Words<NewsOf<Event>> = words[news.event];
  return title(news);
};

const linesOf = <Event extends News["event"]>(news: NewsOf<Event>): readonly string[] => {
  const { lines }: Words<NewsOf<Event>> = words[news.event];
  return lines(news);
};

export interface Heading {
  readonly id: string;
  readonly at: Date;
  /** The name of this machine. */
  readonly host: string;
}

/** Puts changes into one message: the worst first, as they are. */
export function messageOfNews(news: readonly News[], { id, at, host }: Heading): Message {
  const moods = news.map(({ event }) => words[event].mood);
  const mood = moods.includes("bad") ? "bad" : moods.every((one) => one === "good") ? "good" : "plain";
  const shown = news.slice(0, newsShown);
  const [first, ...others] = shown.map((one) => titleOf(one));
  const more = news.length - 1;
  const sections = shown.map((one) =>
    [...(more === 0 ? [] : [titleOf(one)]), ...linesOf(one)].map((line) => cut(line)).join("\n"),
  );
  const rest = others.length < more ? [`and ${news.length - shown.length} more: mirrorctl status`] : [];
  return {
    id,
    at: at.toISOString(),
    mood,
    title: cut(more === 0 ? (first ?? "") : `${first}, and ${more} more`),
    text: [...sections, ...rest, `mirrorctl on ${host}`].join("\n\n"),
    news,
  };
}

/** A message of `check notify`. */
export const testMessage = ({ id, at, host }: Heading): Message => ({
  id,
  at: at.toISOString(),
  mood: "plain",
  title: "a test of notifications",
  text: `Somebody ran "mirrorctl check notify". Nothing has changed.\n\nmirrorctl on ${host}`,
  news: [],
});

const newsShown = 20;
const textMax = 1_000;

/** A failed sync may list a thousand files. */
const cut = (text: string): string => (text.length <= textMax ? text : `${text.slice(0, textMax)} …`);
