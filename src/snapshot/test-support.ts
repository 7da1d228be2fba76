/** A mirror's directories and trees made by hand. Only tests import this. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type TemporaryDirectory, temporaryDirectory } from "../../test/support/index.ts";
import { type MirrorLayout, mirrorLayout } from "../layout.ts";

/** Removed when the test ends. */
export async function directoryForTest(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

export const layoutIn = (dir: string, snapshotPath = join(dir, ".snapshots")): MirrorLayout =>
  mirrorLayout(dir, {
    id: "noble",
    snapshot: { path: snapshotPath },
    publish: { staging: "staging", production: "current" },
  });

/** Writes files below a directory: relative path -> text. */
export function makeTree(root: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export const releaseText = (date: string, validUntil?: string): string =>
  [
    "Origin: Test",
    "Codename: noble",
    `Date: ${date}`,
    ...(validUntil === undefined ? [] : [`Valid-Until: ${validUntil}`]),
    `SHA256:\n ${"0".repeat(64)} 0 main/binary-amd64/Packages`,
    "",
  ].join("\n");

/** A suite that is signed apart, one package, and an index by its name and by hash. */
export const smallTree = {
  "dists/noble/Release": releaseText("Mon, 04 May 2026 03:02:01 UTC", "Mon, 11 May 2026 03:02:01 UTC"),
  "dists/noble/Release.gpg": "signature",
  "dists/noble/main/binary-amd64/Packages": "Package: a\n",
  "dists/noble/main/binary-amd64/Release": "Archive: noble\n",
  "pool/main/a/a/a_1_amd64.deb": "package a",
} as const;
