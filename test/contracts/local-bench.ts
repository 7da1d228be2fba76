/** The publisher of links on this machine, as a client of a web server sees it. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type MirrorLayout, mirrorLayout } from "../../src/layout.ts";
import { readBytesIfAny } from "../../src/platform/look.ts";
import { openLocalPublisher, openWorkingMirror, type PublicName } from "../../src/publish/index.ts";
import { walkOwnPaths } from "../../src/snapshot/index.ts";
import { makeTree } from "../../src/snapshot/test-support.ts";
import { withFault } from "../faults/faulty-disk.ts";
import { temporaryPath } from "../support/index.ts";
import type { PublisherBench } from "./publisher.suite.ts";

const { signal } = new AbortController();

export interface LocalBench extends PublisherBench {
  readonly layout: MirrorLayout;
}

export function openLocalBench(): LocalBench {
  const directory = temporaryPath();
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "www"));
  const layout = mirrorLayout(join(directory, "www"), {
    id: "noble",
    snapshot: { path: join(directory, "snapshots") },
    publish: { staging: "staging", production: "current" },
  });
  const working = openWorkingMirror(layout, { isPublic: false });
  return {
    layout,
    publisher: openLocalPublisher(layout),
    makeSnapshot: (name, files) => void makeTree(join(layout.snapshots, name), files),
    async showWorking(files) {
      const { generation } = working.next(new Date());
      makeTree(generation.path, files);
      await working.show(generation, { now: new Date(), graceMs: 0 }, signal);
    },
    fetch: (name, path) => readBytesIfAny(join(linkOf(layout, name), path))?.toString("utf8"),
    ownFiles: (name) => [...walkOwnPaths(join(layout.snapshots, name))].toSorted(),
    async withFault(fault, at, work) {
      const { failed, outcome } = await withFault(fault === "full" ? "ENOSPC" : "EIO", at, work);
      return { hasFailed: failed.length > 0, error: "error" in outcome ? outcome.error : undefined };
    },
  };
}

const linkOf = ({ staging, production }: MirrorLayout, name: PublicName): string =>
  name === "staging" ? staging : production;
