import { describe, expect, test } from "vitest";
import {
  compareDisks,
  compareMirror,
  isWanted,
  type News,
  newsEvents,
  nothingTold,
  type SeenMirror,
  webhookKeyOf,
} from "./index.ts";

const quiet: SeenMirror = {
  mirror: "noble",
  sync: { kind: "good" },
  staging: undefined,
  production: undefined,
  failedGates: undefined,
  expiring: [],
  damaged: [],
};
const failed = { kind: "failed", at: "2026-05-04T12:00:00.000Z", reason: "no route" } as const;

/** Returns what is reported after each of these, one after the other. */
function story(...seen: readonly Partial<SeenMirror>[]): readonly (readonly string[])[] {
  let told = nothingTold({});
  return seen.map((one) => {
    const compared = compareMirror(told, { ...quiet, ...one });
    told = compared.told;
    return compared.news.map(({ event }) => event);
  });
}

const movedTo = (snapshot: string, isRollback: boolean) => ({ production: { snapshot, isRollback } });
const failing = (...names: string[]) => ({ failedGates: { snapshot: "a", gates: names } });
const release = (hasExpired: boolean) => ({
  expiring: [
    { link: "production" as const, snapshot: "a", validUntil: "2026-05-09T00:00:00.000Z", hasExpired },
  ],
});

const disk = (freeShare: number) => ({ path: "/srv", mirrors: ["noble"], freeBytes: 1, freeShare });
const base64 = (bytes: number): string => Buffer.alloc(bytes, 7).toString("base64");

describe("what changed", () => {
  test("a failure is reported once, whatever its reasons, and so is its end", () => {
    const other = { ...failed, reason: "no space" };
    expect(story({ sync: failed }, { sync: other }, {}, {}, { sync: failed })).toEqual([
      ["sync.failed"],
      [],
      ["sync.recovered"],
      [],
      ["sync.failed"],
    ]);
  });

  test("a sync of which nothing is known ends no failure", () => {
    expect(story({ sync: failed }, { sync: undefined }, { sync: failed })).toEqual([["sync.failed"], [], []]);
  });

  test("a snapshot is reported when a link leads to it, and not when it leads nowhere", () => {
    const a = { staging: { snapshot: "a" } };
    expect(story(a, a, {}, a)).toEqual([["staged"], [], [], ["staged"]]);
  });

  test("a move of production is a promotion or a rollback", () => {
    expect(story(movedTo("a", false), movedTo("b", false), movedTo("a", true), movedTo("a", true))).toEqual([
      ["promoted"],
      ["promoted"],
      ["rolled_back"],
      [],
    ]);
  });

  test("gates are reported again if others fail, or if they failed in between", () => {
    expect(story(failing("apt"), failing("apt"), failing("apt", "profiles"), {}, failing("apt"))).toEqual([
      ["gate.failed"],
      [],
      ["gate.failed"],
      [],
      ["gate.failed"],
    ]);
  });

  test("a Release is reported before it expires and when it has", () => {
    expect(story(release(false), release(false), release(true), release(true))).toEqual([
      ["expiring"],
      [],
      ["expiring"],
      [],
    ]);
  });

  test("what the links show already is not news, and what is wrong is", () => {
    const seen = { ...quiet, staging: { snapshot: "a" }, sync: failed };
    const { news } = compareMirror(nothingTold({ staging: "a" }), seen);
    expect(news.map(({ event }) => event)).toEqual(["sync.failed"]);
  });
});

describe("disks", () => {
  test("are reported below 5 %, and again only after 10 % were free", () => {
    let told: readonly string[] = [];
    const tellings = [0.2, 0.049, 0.06, 0.04, 0.11, 0.04].map((share) => {
      const compared = compareDisks(told, [disk(share)]);
      told = compared.told;
      return compared.news.length;
    });
    expect(tellings).toEqual([0, 1, 0, 0, 0, 1]);
  });

  test("that a run does not see stay as they were", () => {
    expect(compareDisks(["/other"], [disk(0.5)])).toEqual({ news: [], told: ["/other"] });
  });
});

describe("who wants what", () => {
  const all = { events: newsEvents, mirrors: ["*"] };
  const staged: News = { event: "staged", mirror: "debian-trixie", snapshot: "a" };
  const fullDisk: News = { event: "disk", path: "/srv", mirrors: ["a", "noble"], freeBytes: 0 };

  test.each([
    [true, all, staged],
    [true, { ...all, mirrors: ["ubuntu-*", "debian-*"] }, staged],
    [false, { ...all, mirrors: ["ubuntu-*"] }, staged],
    [false, { ...all, events: ["promoted"] as const }, staged],
    [true, { ...all, mirrors: ["nob?e"] }, fullDisk],
    [false, { ...all, mirrors: ["jammy"] }, fullDisk],
  ])("%s", (wanted, subscription, news) => {
    expect(isWanted(subscription, news)).toBe(wanted);
  });
});

describe("the secret of a webhook", () => {
  test.each([24, 32, 64])("may have %i bytes", (bytes) => {
    expect(webhookKeyOf(`whsec_${base64(bytes)}`)).toEqual(Buffer.alloc(bytes, 7));
  });

  test.each([
    base64(32),
    `whsec_${base64(23)}`,
    `whsec_${base64(65)}`,
    "whsec_not base64 at all, in no way",
    "",
  ])("is not %j", (text) => {
    expect(webhookKeyOf(text)).toBeUndefined();
  });
});
