/** Writes docs/compatibility.md from the cases of the end-to-end tests: `node scripts/docs-compatibility.ts`. */
import {
  type CompatibilityCase,
  generatorCases,
  type RepositoryClient,
  unusualCases,
} from "../test/e2e/compatibility/index.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

export const pageFile = new URL("../docs/compatibility.md", import.meta.url);

/** The page for administrators, as Markdown. */
export function compatibilityPage(): string {
  return `${[
    introduction,
    "## Repositories as generators make them",
    caseTable(generatorCases),
    "## Repositories at the edges of the formats",
    caseTable(unusualCases),
    genuineData,
  ].join("\n\n")}\n`;
}

const clients: readonly RepositoryClient[] = ["apt", "debootstrap", "mmdebstrap"];

const caseTable = (cases: readonly CompatibilityCase[]): string =>
  markdownTable(
    ["Made by", "Repository", "What is in it", ...clients],
    cases.map((compatibilityCase) => [
      compatibilityCase.madeBy,
      compatibilityCase.title,
      compatibilityCase.covers,
      ...clients.map((client) => usesBy(client, compatibilityCase)),
    ]),
  );

const usesBy = (client: RepositoryClient, { uses }: CompatibilityCase): string =>
  uses
    .filter((use) => use.client === client)
    .map(({ does }) => does)
    .join(". ");

const introduction = `<!-- Written by scripts/docs-compatibility.ts from the cases in test/e2e/compatibility; change those instead. -->

# Compatibility

Each repository below is made by a program that is not mirrorctl's, signed by GnuPG, mirrored by \`mirrorctl sync\` over
HTTP, and then used by real clients through nginx while its upstream is switched off. The end-to-end tests run over this
very table, so a line that stands here is a line that passes. For each they check that

- the mirror has the packages and sources that apt would download from upstream, no more and no fewer;
- mirrorctl asked upstream for each of them and for no other, by the URL that upstream knows;
- each of its files is upstream's, byte for byte;
- each client ends with exit status 0 and without a line that begins with \`W:\`, \`E:\`, \`Ign\` or \`Err\` (but for the
  one line of apt that says that there is no InRelease, where upstream has none).`;

const genuineData = `## Genuine indices

What mirrorctl reads from the Packages of Debian's own archive, tens of thousands of packages as the machine's apt
fetched and verified them, is compared field by field with what apt's own parser reads: Package, Version, Architecture,
Filename, Size and SHA256. Where Debian's archive is out of reach, that test is skipped and says so.`;

if (import.meta.main) await keepPage(pageFile, compatibilityPage());
