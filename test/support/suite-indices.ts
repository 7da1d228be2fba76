import type { DigestName } from "./digests.ts";
import {
  commandsText,
  contentsText,
  dep11Icons,
  dep11Text,
  directoryReleaseText,
  type PooledPackage,
  packagesText,
  translationText,
} from "./index-text.ts";

/** A file that Release lists; its name is relative to the directory of the Release. */
export interface IndexFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Whether the archive has it in the suite's compressions, or only plain. */
  readonly form: "compressed" | "plain";
}

export interface PooledSource {
  readonly component: string;
  /** Its stanza of Sources, without a final empty line. */
  readonly stanza: string;
}

/** The optional kinds of index that a suite may have. */
export type ExtraIndices = "Contents" | "dep11" | "cnf";

/** The input for the indices of a suite. */
export interface SuiteContents {
  readonly suite: string;
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  readonly digests: readonly DigestName[];
  readonly packages: readonly PooledPackage[];
  /** Absent: the suite has no Sources at all. */
  readonly sources: readonly PooledSource[] | undefined;
  readonly languages: readonly string[];
  readonly extras: ReadonlySet<ExtraIndices>;
}

/** Returns the indices of a suite below dists/. */
export async function sectionIndices(suite: SuiteContents): Promise<IndexFile[]> {
  const indices: IndexFile[] = [];
  for (const component of suite.components) {
    for (const architecture of suite.architectures) {
      indices.push(...(await binaryIndices(suite, component, architecture)));
    }
    const inComponent = suite.packages.filter((pooled) => pooled.component === component);
    for (const language of suite.languages) {
      indices.push(
        compressed(`${component}/i18n/Translation-${language}`, translationText(inComponent, language)),
      );
    }
    if (suite.sources !== undefined) {
      const sources = suite.sources.filter((source) => source.component === component);
      indices.push(
        compressed(`${component}/source/Sources`, sourcesText(sources)),
        plain(`${component}/source/Release`, directoryReleaseText(suite.suite, component, "source")),
      );
    }
  }
  return indices;
}

/** Returns the indices of a flat suite, all in the directory of its Release. */
export function flatIndices(suite: SuiteContents): IndexFile[] {
  const packages = compressed("Packages", packagesText(suite.packages, suite.digests));
  const sources = suite.sources === undefined ? [] : [compressed("Sources", sourcesText(suite.sources))];
  const translations = suite.languages.map((language) =>
    compressed(language, translationText(suite.packages, language)),
  );
  return [packages, ...sources, ...translations];
}

async function binaryIndices(
  suite: SuiteContents,
  component: string,
  architecture: string,
): Promise<IndexFile[]> {
  const packages = suite.packages.filter(
    (pooled) => pooled.component === component && ["all", architecture].includes(pooled.architecture),
  );
  const binary = `${component}/binary-${architecture}`;
  const indices = [
    compressed(`${binary}/Packages`, packagesText(packages, suite.digests)),
    plain(`${binary}/Release`, directoryReleaseText(suite.suite, component, architecture)),
  ];
  if (suite.extras.has("Contents")) {
    indices.push(compressed(`${component}/Contents-${architecture}`, contentsText(packages)));
  }
  // `all` alone has neither catalogues nor commands.
  if (architecture === "all") return indices;
  if (suite.extras.has("dep11")) {
    const dep11 = `${component}/dep11`;
    indices.push(
      compressed(`${dep11}/Components-${architecture}.yml`, dep11Text(suite.suite, component)),
      compressed(`${dep11}/icons-48x48.tar`, await dep11Icons("48x48")),
      compressed(`${dep11}/icons-64x64.tar`, await dep11Icons("64x64")),
    );
  }
  if (suite.extras.has("cnf")) {
    const commands = commandsText(suite.suite, component, architecture, packages);
    indices.push(compressed(`${component}/cnf/Commands-${architecture}`, commands));
  }
  return indices;
}

const sourcesText = (sources: readonly PooledSource[]): string =>
  sources.map(({ stanza }) => `${stanza}\n`).join("");

const compressed = (name: string, content: string | Uint8Array): IndexFile => ({
  name,
  content,
  form: "compressed",
});

const plain = (name: string, content: string): IndexFile => ({ name, content, form: "plain" });
