/** Mirrors with real adapters in a temporary directory, and trees without an upstream. Only tests import this. */
import { linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { openApp } from "../../test/support/open-app.ts";
import { temporaryPath } from "../../test/support/temporary-directory.ts";
import { objectPath } from "../layout.ts";
import type { PublicName } from "../publish/index.ts";
import type { MirrorEvent } from "../report/events.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { putObject } from "../store/test-support.ts";
import type { MirrorContext } from "./context.ts";
import { type RollbackOptions, rollBack } from "./production/roll-back.ts";

interface SiteDirectory {
  readonly path: string;
  join(...segments: readonly string[]): string;
}

export interface Site {
  readonly directory: SiteDirectory;
  readonly events: MirrorEvent[];
  /** The time of every action. Tests change it. */
  now: Date;
  mirror(id: string): MirrorContext;
  /** Adds objects, a tree of links to them, and shows it as the working mirror, as a sync would. */
  addTree(id: string, files: Readonly<Record<string, string>>): Promise<void>;
  typesOfEvents(): readonly string[];
}

/** Returns a configuration of two mirrors, "noble" and "jammy". `extra` is added to the tables of noble. */
export const configText = (dir: string, extra = ""): string => `dir = "${dir}"
[mirrors.noble]
url = "http://127.0.0.1:9/ubuntu"
suites = ["noble"]
sections = ["main"]
architectures = ["amd64"]
${extra}
[mirrors.jammy]
url = "http://127.0.0.1:9/ubuntu"
suites = ["jammy"]
sections = ["main"]
architectures = ["amd64"]
`;

export async function openSite(extra = ""): Promise<Site> {
  const directory = directoryForTest();
  const dir = directory.join("www");
  mkdirSync(dir);
  const events: MirrorEvent[] = [];
  const { mirror } = await openApp(
    {
      path: directory.join("mirror.toml"),
      text: configText(dir, extra),
      emit: (event) => events.push(event),
    },
    { now: () => site.now },
  );
  const site: Site = {
    directory,
    events,
    now: new Date("2026-05-04T03:02:01Z"),
    mirror,
    addTree: (id, files) => addTreeByHand(mirror(id), files, site.now),
    typesOfEvents: () => events.map(({ type }) => type),
  };
  return site;
}

/** Makes a directory that is removed when the test ends. */
export function directoryForTest(): SiteDirectory {
  const path = temporaryPath();
  onTestFinished(() => rmSync(path, { recursive: true }));
  return { path, join: (...segments) => join(path, ...segments) };
}

/** Adds objects, a tree of links to them, and shows it as the working mirror, as a sync would. */
export async function addTreeByHand(
  { layout, working, memory, signal }: MirrorContext,
  files: Readonly<Record<string, string>>,
  now: Date,
): Promise<void> {
  const { generation } = working.next(now);
  for (const [path, text] of Object.entries(files)) {
    const object = objectPath(layout.objects, putObject(layout.objects, text));
    const target = join(generation.path, path);
    mkdirSync(dirname(target), { recursive: true });
    linkSync(object, target);
  }
  await working.show(generation, { now, graceMs: 0 }, signal);
  const suites = [{ suite: layout.id, signedBy: ["871920D1991BC93C"] }];
  memory.write({ generation: generation.name, completedAt: now.toISOString(), selection: "", suites });
}

/** Returns the files of one suite at a date: a detached signature, and one package of that version. */
export const suiteFiles = (suite: string, date: string, validUntil?: string) => ({
  [`dists/${suite}/Release`]: [
    `Codename: ${suite}`,
    `Date: ${new Date(date).toUTCString()}`,
    ...(validUntil === undefined ? [] : [`Valid-Until: ${new Date(validUntil).toUTCString()}`]),
    "SHA256:",
    ` ${"0".repeat(64)} 0 main/binary-amd64/Packages`,
    "",
  ].join("\n"),
  [`dists/${suite}/Release.gpg`]: "signature",
  [`pool/main/t/tool/tool_${date}_amd64.deb`]: `tool of ${suite} as of ${date}`,
});

/** Rolls back one mirror. */
export async function rollBackOne(context: MirrorContext, options: RollbackOptions = {}): Promise<Snapshot> {
  const [snapshot] = await rollBack([context], options);
  if (snapshot === undefined) throw new Error("a rollback went to no snapshot");
  return snapshot;
}

export const hoursMs = (hours: number): number => hours * 3_600_000;

/** Makes a public name show a snapshot, as by hand: nothing is carried or recorded. */
export async function showBare(
  { publisher, signal }: MirrorContext,
  name: PublicName,
  snapshot: string,
): Promise<void> {
  await publisher.show(name, { kind: "snapshot", name: snapshot }, "nothing", signal);
}

/** Makes a public name follow the working mirror. */
export async function followWorking({ publisher, signal }: MirrorContext, name: PublicName): Promise<void> {
  await publisher.show(name, { kind: "working-mirror" }, "nothing", signal);
}
