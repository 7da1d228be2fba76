/** Writes what a release has into dist/release: `make dist`. Two runs of one commit are equal. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packagedFiles, thisEdition } from "./contents.ts";
import { smallDeb, writeDeb } from "./deb.ts";
import { writeNpmPackage } from "./npm-package.ts";
import { billOfMaterials } from "./sbom.ts";
import { smallTar, type TarCompression, writeTarball } from "./tarball.ts";

export interface Compression {
  readonly deb: readonly string[];
  readonly tar: TarCompression;
}

const small: Compression = { deb: smallDeb, tar: smallTar };

/** Replaces the files of a directory by those of the release. */
export async function writeRelease(
  directory: string,
  { deb, tar } = small,
  program?: Buffer<ArrayBuffer>,
): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const edition = thisEdition();
  const files = await packagedFiles(edition, program);
  writeDeb(files, edition, directory, deb);
  writeTarball(files, edition, directory, tar);
  await writeNpmPackage(edition, directory);
  for (const format of ["spdx", "cyclonedx"] as const) {
    const name = `mirrorctl-${edition.version}.${format}.json`;
    writeFileSync(join(directory, name), billOfMaterials(format, edition.date));
  }
  writeFileSync(join(directory, "SHA256SUMS"), checksums(directory));
}

/** In the form of sha256sum(1). */
const checksums = (directory: string): string =>
  readdirSync(directory)
    .toSorted()
    .map((name) => {
      const digest = createHash("sha256")
        .update(readFileSync(join(directory, name)))
        .digest("hex");
      return `${digest}  ${name}\n`;
    })
    .join("");

if (import.meta.main) await writeRelease(join(import.meta.dirname, "../../dist/release"));
