import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  createSigningKey,
  fakeUpstream,
  readTree,
  type SigningKey,
  type TemporaryDirectory,
} from "../../support/index.ts";
import type { RequestedFile } from "./case.ts";

/** States of upstream: before the sync, at its begin, and during it. */
export type StateName = "old" | "new" | "newer";

const packagesOfState = {
  old: ["hello 1.0", "tool 1.0"],
  new: ["hello 1.0", "tool 2.0", "extra 1.0"],
  newer: ["hello 1.0", "tool 3.0", "extra 1.0"],
} as const;

const stateNames: readonly StateName[] = ["old", "new", "newer"];

/** Files of the new state that the old one lacks. */
export const inRelease: RequestedFile = { name: "InRelease", path: "/dists/stable/InRelease" };
export const tool: RequestedFile = { name: "the package", path: "/pool/main/t/tool/tool_2.0_amd64.deb" };
export const extra: RequestedFile = { name: "the package", path: "/pool/main/e/extra/extra_1.0_amd64.deb" };
/** Packages by name and by hash; other indices are elsewhere. */
export const packagesIndex = /\/binary-amd64\//;
export const anyFile = /^/;

/** One repository in each of its states, with real signatures, and the trees that a mirror of it must show. */
export interface Repository {
  readonly key: SigningKey;
  /** Returns every file of a state, in the form of readTree. */
  treeOf(state: StateName): ReadonlyMap<string, string>;
  /** Writes a state to `dir`. By-hash names of other states stay, as in real archives. */
  show(state: StateName, dir: string): void;
}

export async function createRepository(
  directory: TemporaryDirectory,
  { acquireByHash }: { readonly acquireByHash: boolean },
): Promise<Repository> {
  const key = await createSigningKey();
  const trees = new Map<StateName, ReadonlyMap<string, string>>();
  const dirOf = (state: StateName): string =>
    directory.join(`${acquireByHash ? "by-hash" : "plain"}-${state}`);
  for (const [hours, state] of stateNames.entries()) {
    const upstream = await fakeUpstream({ dir: dirOf(state), signedBy: key });
    const suite = upstream.suite("stable", { acquireByHash }).addContents();
    for (const [name = "", version = ""] of packagesOfState[state].map((text) => text.split(" ")))
      suite.addPackage(name, version);
    await upstream.publish({ date: new Date(Date.now() - (10 - hours) * 3_600_000) });
    trees.set(state, await readTree(upstream.dir));
  }
  return {
    key,
    treeOf: (state) => trees.get(state) ?? new Map(),
    show(state, dir) {
      removeAllButByHash(dir);
      cpSync(dirOf(state), dir, { recursive: true, preserveTimestamps: true });
    },
  };
}

/** Removed before others are written, so that an answer in progress keeps its bytes. */
function removeAllButByHash(dir: string): void {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !path.includes("/by-hash/")) rmSync(path);
  }
}
