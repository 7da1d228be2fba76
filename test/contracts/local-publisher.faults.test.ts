/** The links of this machine keep the contract of publishers, and no case of it is kept by every broken publisher. */
import { realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { carriedDirectory, type MirrorLayout } from "../../src/layout.ts";
import type { Publisher } from "../../src/publish/index.ts";
import { openLocalBench } from "./local-bench.ts";
import { publisherContract, publisherSuite } from "./publisher.suite.ts";

publisherSuite("links on this machine", async () => openLocalBench());

/** Each changes one thing about a publisher that works. */
const defects: Readonly<Record<string, (publisher: Publisher, layout: MirrorLayout) => Partial<Publisher>>> =
  {
    "keeps nothing": (publisher) => ({
      prepare: (name, tree, _keep, signal) => publisher.prepare(name, tree, "nothing", signal),
    }),
    "keeps damaged files": (publisher) => ({
      prepare: (name, tree, keep, signal) =>
        publisher.prepare(name, tree, keep === "nothing" ? keep : { ...keep, isSound: () => true }, signal),
    }),
    "keeps files without a record": (publisher, { snapshots }) => ({
      async prepare(...request) {
        const publication = await publisher.prepare(...request);
        rmSync(join(snapshots, carriedDirectory), { recursive: true, force: true });
        return publication;
      },
    }),
    "shows the working mirror of this moment": (publisher, { live }) => ({
      async prepare(name, tree, ...rest) {
        const publication = await publisher.prepare(name, tree, ...rest);
        if (tree.kind === "snapshot") return publication;
        return {
          ...publication,
          commit: async () => symlinkSync(realpathSync(live), `${dirname(live)}/current`),
        };
      },
    }),
    "shows a tree before it is committed": (publisher) => ({
      async prepare(...request) {
        const publication = await publisher.prepare(...request);
        await publication.commit();
        return publication;
      },
    }),
    "hides the old tree before it shows the new one": (publisher) => ({
      async prepare(name, ...request) {
        const publication = await publisher.prepare(name, ...request);
        return { ...publication, commit: () => publisher.hide(name).then(() => publication.commit()) };
      },
    }),
    "hides the old tree while it prepares": (publisher) => ({
      prepare: (name, ...request) => publisher.hide(name).then(() => publisher.prepare(name, ...request)),
    }),
    "shows every tree in production": (publisher) => ({
      prepare: (_name, ...request) => publisher.prepare("production", ...request),
    }),
    "ignores cancelling": (publisher) => ({
      prepare: (name, tree, keep) => publisher.prepare(name, tree, keep, new AbortController().signal),
    }),
    "drops files too early": (publisher) => ({
      dropExpired: (_now, signal) => publisher.dropExpired(new Date("2100-01-01T00:00:00Z"), signal),
    }),
    "drops no files": () => ({ dropExpired: async () => 0 }),
    "hides nothing": () => ({ hide: async () => undefined }),
    "says that a name is taken": () => ({ assertAvailable: () => Promise.reject(new Error("taken")) }),
  };

test("each case of the contract fails for a publisher with a defect", async () => {
  const failing = new Set<string>();
  for (const breakIt of Object.values(defects)) {
    for (const { title, check } of publisherContract) {
      const bench = openLocalBench();
      const broken = { ...bench.publisher, ...breakIt(bench.publisher, bench.layout) };
      const publisher: Publisher = {
        ...broken,
        async show(...request) {
          const publication = await broken.prepare(...request);
          await publication.commit();
          return publication.keptFiles;
        },
      };
      await check({ ...bench, publisher }).catch(() => failing.add(title));
    }
  }
  expect(publisherContract.map(({ title }) => title).filter((title) => !failing.has(title))).toEqual([]);
});
