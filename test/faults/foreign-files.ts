import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Site } from "../support/site.ts";

/** Other people's files below the site's directory, some of them in mirrorctl's own directories. */
export const foreignFiles: readonly string[] = [
  "www/README",
  "www/noble/robots.txt",
  "www/noble/.htaccess",
  "www/.snapshots/noble/theirs/dists/noble/Release",
  "www/.snapshots/noble/notes.json",
  "www/.snapshots/noble/.meta/README",
  "www/.snapshots/noble/.theirs/kept",
  "www/.mirrorctl/README",
];

export function putForeignFiles(site: Site): void {
  for (const path of foreignFiles) {
    const target = site.directory.join(path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `somebody's ${path}\n`);
  }
  symlinkSync("../README", join(site.dir, "noble/theirs"));
}
