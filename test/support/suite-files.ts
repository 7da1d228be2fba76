import { dirname, join } from "node:path/posix";
import { compress } from "./compress.ts";
import { digestOf } from "./digests.ts";
import type { FakeSuite } from "./fake-suite.ts";
import { releaseText } from "./release-text.ts";
import { clearsign, detachSign, type SigningKey } from "./signing-key.ts";
import type { IndexFile } from "./suite-indices.ts";
import { type CompleteSuiteOptions, releaseDirectory } from "./suite-options.ts";

/** path relative to the repository's base -> content */
export type Files = Map<string, Buffer>;

/** Returns every file of a suite in the order in which an archive publishes them: packages, indices, Release. */
export async function suiteFiles(
  suite: FakeSuite,
  signedBy: readonly SigningKey[],
  publishedAt: Date,
): Promise<Files> {
  const date = suite.options.date ?? publishedAt;
  const directory = releaseDirectory(suite.name);
  const { indices, pool } = await suite.build();
  const { listed, present } = await variantsOf(indices, suite.options);
  const release = releaseText(suite.name, suite.options, listed, date);
  const files: Files = new Map(pool);
  for (const [name, content] of present) {
    for (const path of suite.options.acquireByHash ? hashPaths(name, content, suite.options) : []) {
      files.set(join(directory, path), content);
    }
    files.set(join(directory, name), content);
  }
  for (const [name, text] of await signedReleases(release, suite.options.signatures, signedBy, date)) {
    files.set(join(directory, name), Buffer.from(text));
  }
  return files;
}

interface Variants {
  /** The files that Release lists. */
  readonly listed: ReadonlyMap<string, Buffer>;
  /** The files that exist. */
  readonly present: ReadonlyMap<string, Buffer>;
}

async function variantsOf(
  indices: readonly IndexFile[],
  { compressions, listPlainButAbsent, editIndex }: CompleteSuiteOptions,
): Promise<Variants> {
  const listed: Files = new Map();
  const present: Files = new Map();
  for (const { name, content, form } of indices) {
    const bytes = Buffer.from(typeof content === "string" ? editIndex(content, name) : content);
    const wanted = form === "compressed" ? compressions : [];
    const variants = await Promise.all(
      wanted.map(async (extension) => [`${name}.${extension}`, await compress(bytes, extension)] as const),
    );
    listed.set(name, bytes);
    if (wanted.length === 0 || !listPlainButAbsent) present.set(name, bytes);
    for (const [variant, compressed] of variants) {
      listed.set(variant, compressed);
      present.set(variant, compressed);
    }
  }
  return { listed, present };
}

const hashPaths = (name: string, content: Buffer, { digests }: CompleteSuiteOptions): string[] =>
  digests.map((digest) => join(dirname(name), "by-hash", digest, digestOf(content, digest)));

/** Returns the existing ones of the three files, in the order of publication. */
const releaseNames = {
  all: ["Release", "Release.gpg", "InRelease"],
  inline: ["InRelease"],
  detached: ["Release", "Release.gpg"],
  none: ["Release"],
} as const;

function signedReleases(
  release: string,
  signatures: CompleteSuiteOptions["signatures"],
  signedBy: readonly SigningKey[],
  date: Date,
): Promise<(readonly [name: string, text: string])[]> {
  const texts = {
    Release: async () => release,
    "Release.gpg": () => detachSign(release, signedBy, { date }),
    InRelease: () => clearsign(release, signedBy, { date }),
  };
  return Promise.all(releaseNames[signatures].map(async (name) => [name, await texts[name]()] as const));
}
