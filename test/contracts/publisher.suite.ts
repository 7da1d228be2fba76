/** What every publisher has to do. An implementation runs it from a test file beside this one. */
import { describe, expect, test } from "vitest";
import type { Keep, PublicName, PublishedTree, Publisher } from "../../src/publish/index.ts";

/** A publisher with the trees that it shows. */
export interface PublisherBench {
  readonly publisher: Publisher;
  /** Makes a snapshot of these files: path -> text. */
  makeSnapshot(name: string, files: Readonly<Record<string, string>>): void;
  /** Makes the working mirror show a tree of these files. */
  showWorking(files: Readonly<Record<string, string>>): Promise<void>;
  /** Returns what a client gets; undefined if there is no such file. */
  fetch(name: PublicName, path: string): string | undefined;
  /** Returns the paths of a snapshot's own files, sorted. */
  ownFiles(snapshot: string): readonly string[];
  /**
   * Runs `work` on storage whose `at`th step fails, counted from one; "full": all later steps that need room fail too.
   * Returns its error, and whether any step failed.
   */
  withFault(
    fault: "broken" | "full",
    at: number,
    work: () => Promise<unknown>,
  ): Promise<{ readonly hasFailed: boolean; readonly error: unknown }>;
}

export interface ContractCase {
  readonly title: string;
  readonly check: (bench: PublisherBench) => Promise<void>;
}

/** Defines the tests of the contract. `open` makes a new bench. */
export function publisherSuite(implementation: string, open: () => Promise<PublisherBench>): void {
  describe(`publisher: ${implementation}`, () => {
    test.each(publisherContract)("$title", async ({ check }) => {
      await expect(check(await open())).resolves.toBeUndefined();
    });
  });
}

const { signal } = new AbortController();
const names = ["staging", "production"] as const satisfies readonly PublicName[];
const snapshot = (name: string): PublishedTree => ({ kind: "snapshot", name });

const noon = new Date("2026-05-04T12:00:00Z");
const later = (hours: number): Date => new Date(noon.getTime() + hours * 3_600_000);
const day = (now = noon): Keep => ({ now, graceMs: 24 * 3_600_000 });

/** As `day`, for a tree of which one file is damaged. */
const exceptDamaged: Keep = { ...day(), isSound: (path) => path !== "pool/a.deb" };

const filesOf = (version: string): Readonly<Record<string, string>> => ({
  "dists/noble/InRelease": `Release ${version}`,
  [`dists/noble/main/by-hash/SHA256/${version}`]: `index ${version}`,
  "pool/same.deb": "the same in all",
  "pool/rebuilt.deb": `rebuilt in ${version}`,
  [`pool/${version}.deb`]: `package ${version}`,
});

/** The files that only one of these trees has. */
const ownOf = (version: string): readonly string[] => [
  `dists/noble/main/by-hash/SHA256/${version}`,
  `pool/${version}.deb`,
];

const makeAll = (bench: PublisherBench, ...versions: readonly string[]): void => {
  for (const version of versions) bench.makeSnapshot(version, filesOf(version));
};

const isWhole = (bench: PublisherBench, name: PublicName, version: string): boolean =>
  Object.entries(filesOf(version)).every(([path, text]) => bench.fetch(name, path) === text);

const fetchable = (bench: PublisherBench, name: PublicName, version: string): readonly string[] =>
  ownOf(version).filter((path) => bench.fetch(name, path) === filesOf(version)[path]);

export const publisherContract: readonly ContractCase[] = [
  {
    title: "shows nothing at first",
    async check(bench) {
      const { publisher } = bench;
      for (const name of names) {
        expect(await publisher.read(name)).toEqual({ kind: "none" });
        await publisher.assertAvailable(name);
        await publisher.hide(name);
        expect(bench.fetch(name, "pool/same.deb")).toBeUndefined();
      }
    },
  },
  {
    title: "shows the whole tree that was shown last, under one name without the other",
    async check(bench) {
      makeAll(bench, "a", "b");
      for (const [name, other] of [names, names.toReversed()] as const) {
        await bench.publisher.show(name, snapshot("a"), "nothing", signal);
        await bench.publisher.show(other, snapshot("a"), "nothing", signal);
        await bench.publisher.show(name, snapshot("b"), "nothing", signal);
        expect(await bench.publisher.read(name)).toEqual(snapshot("b"));
        expect(isWhole(bench, name, "b")).toBe(true);
        expect(await bench.publisher.read(other)).toEqual(snapshot("a"));
        expect(isWhole(bench, other, "a")).toBe(true);
      }
    },
  },
  {
    title: "shows the working mirror, also after the next sync",
    async check(bench) {
      await bench.showWorking(filesOf("a"));
      await bench.publisher.show("production", { kind: "working-mirror" }, "nothing", signal);
      expect(await bench.publisher.read("production")).toEqual({ kind: "working-mirror" });
      expect(isWhole(bench, "production", "a")).toBe(true);
      await bench.showWorking(filesOf("b"));
      expect(isWhole(bench, "production", "b")).toBe(true);
    },
  },
  {
    title: "keeps what clients of the tree before may still request, and says how many files",
    async check(bench) {
      makeAll(bench, "a", "b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      expect(await bench.publisher.show("production", snapshot("b"), day(), signal)).toBe(2);
      expect(fetchable(bench, "production", "a")).toEqual(ownOf("a"));
      expect(isWhole(bench, "production", "b")).toBe(true);
    },
  },
  {
    title: "keeps files of the working mirror in the snapshot that replaces it",
    async check(bench) {
      makeAll(bench, "b");
      await bench.showWorking(filesOf("a"));
      await bench.publisher.show("production", { kind: "working-mirror" }, "nothing", signal);
      await bench.publisher.show("production", snapshot("b"), day(), signal);
      expect(fetchable(bench, "production", "a")).toEqual(ownOf("a"));
    },
  },
  {
    title: "keeps files through further moves until their own time is over",
    async check(bench) {
      makeAll(bench, "a", "b", "c");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      await bench.publisher.show("production", snapshot("b"), day(), signal);
      await bench.publisher.show("production", snapshot("c"), day(later(20)), signal);
      await bench.publisher.dropExpired(later(23), signal);
      expect(fetchable(bench, "production", "a")).toEqual(ownOf("a"));
      expect(await bench.publisher.dropExpired(later(24), signal)).toBeGreaterThanOrEqual(2);
      expect(fetchable(bench, "production", "a")).toEqual([]);
      expect(fetchable(bench, "production", "b")).toEqual(ownOf("b"));
    },
  },
  {
    title: "keeps files beside a snapshot, which has its own files as before",
    async check(bench) {
      makeAll(bench, "a", "b");
      const own = bench.ownFiles("b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      await bench.publisher.show("production", snapshot("b"), day(), signal);
      expect(bench.ownFiles("b")).toEqual(own);
      await bench.publisher.dropExpired(later(24), signal);
      expect(isWhole(bench, "production", "b")).toBe(true);
    },
  },
  {
    title: "keeps no damaged file, and nothing if nothing is wanted",
    async check(bench) {
      makeAll(bench, "a", "b", "c", "d");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      await bench.publisher.show("production", snapshot("b"), exceptDamaged, signal);
      expect(fetchable(bench, "production", "a")).toEqual(["dists/noble/main/by-hash/SHA256/a"]);
      await bench.publisher.show("production", snapshot("c"), "nothing", signal);
      await bench.publisher.show("production", snapshot("d"), { now: noon, graceMs: 0 }, signal);
      for (const version of ["a", "b", "c"]) expect(fetchable(bench, "production", version)).toEqual([]);
    },
  },
  {
    title: "shows the old tree until a publication is committed",
    async check(bench) {
      makeAll(bench, "a", "b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      const publication = await bench.publisher.prepare("production", snapshot("b"), day(), signal);
      expect(publication.keptFiles).toBe(2);
      expect(await bench.publisher.read("production")).toEqual(snapshot("a"));
      expect(isWhole(bench, "production", "a")).toBe(true);
      await publication.commit();
      expect(isWhole(bench, "production", "b")).toBe(true);
      expect(fetchable(bench, "production", "a")).toEqual(ownOf("a"));
    },
  },
  {
    title: "shows the same tree again, with the files that it keeps",
    async check(bench) {
      makeAll(bench, "a", "b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      await bench.publisher.show("production", snapshot("b"), day(), signal);
      expect(await bench.publisher.show("production", snapshot("b"), day(later(1)), signal)).toBe(0);
      expect(await bench.publisher.read("production")).toEqual(snapshot("b"));
      expect(fetchable(bench, "production", "a")).toEqual(ownOf("a"));
    },
  },
  {
    title: "shows the old tree if it is cancelled",
    async check(bench) {
      makeAll(bench, "a", "b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      const cancelled = AbortSignal.abort(new Error("cancelled by a test"));
      const show = bench.publisher.show("production", snapshot("b"), day(), cancelled);
      await expect(show).rejects.toThrow("cancelled by a test");
      expect(await bench.publisher.read("production")).toEqual(snapshot("a"));
    },
  },
  {
    title: "shows one whole tree whatever step fails, and the new one if it is shown again",
    async check(bench) {
      makeAll(bench, "a", "b");
      for (let at = 1; ; at++) {
        await bench.publisher.show("production", snapshot("a"), "nothing", signal);
        const show = () => bench.publisher.show("production", snapshot("b"), day(), signal);
        const { hasFailed, error } = await bench.withFault("broken", at, show);
        if (!hasFailed) break;
        expect(error).toBeDefined();
        expect(isWhole(bench, "production", "a") || isWhole(bench, "production", "b")).toBe(true);
        await show();
        expect(isWhole(bench, "production", "b")).toBe(true);
        expect(fetchable(bench, "production", "a")).toEqual(ownOf("a"));
        await bench.publisher.dropExpired(later(25), signal);
      }
    },
  },
  {
    title: "shows the old tree if there is no room to keep its files",
    async check(bench) {
      makeAll(bench, "a", "b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      const show = () => bench.publisher.show("production", snapshot("b"), day(), signal);
      const { error } = await bench.withFault("full", 1, show);
      expect(error).toMatchObject({ code: "ENOSPC" });
      expect(isWhole(bench, "production", "a")).toBe(true);
      expect(await bench.publisher.read("production")).toEqual(snapshot("a"));
    },
  },
  {
    title: "drops files whose time is over on a full disk",
    async check(bench) {
      makeAll(bench, "a", "b");
      await bench.publisher.show("production", snapshot("a"), "nothing", signal);
      await bench.publisher.show("production", snapshot("b"), day(), signal);
      const drop = () => bench.publisher.dropExpired(later(24), signal);
      expect((await bench.withFault("full", 1, drop)).error).toBeUndefined();
      expect(fetchable(bench, "production", "a")).toEqual([]);
    },
  },
  {
    title: "hides one name, and lists the names that show a snapshot",
    async check(bench) {
      makeAll(bench, "a");
      for (const name of names) await bench.publisher.show(name, snapshot("a"), "nothing", signal);
      expect(await bench.publisher.namesShowing("a")).toHaveLength(2);
      await bench.publisher.hide("staging");
      await bench.publisher.flush("production");
      expect(await bench.publisher.read("staging")).toEqual({ kind: "none" });
      expect(bench.fetch("staging", "pool/a.deb")).toBeUndefined();
      expect(isWhole(bench, "production", "a")).toBe(true);
      expect(await bench.publisher.namesShowing("a")).toHaveLength(1);
    },
  },
];
