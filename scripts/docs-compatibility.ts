/** Writes docs/compatibility.md from the cases of the end-to-end tests: `node scripts/docs-compatibility.ts`. */
import {
  type CompatibilityCase,
  generatorCases,
  type RepositoryClient,
  unusualCases,
} from "../test/e2e/compatibility/index.ts";
import { type Ending, type ServerCase, serverCases } from "../test/e2e/servers/index.ts";
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
    variants,
    formsOfIndices,
    genuineData,
    misbehavingServers,
    serverTable(serverCases),
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

const serverTable = (cases: readonly ServerCase[]): string =>
  markdownTable(
    ["The server", "`mirrorctl sync`", "Requests"],
    cases.map((serverCase) => [serverCase.server, endingOf(serverCase.sync), requestsOf(serverCase)]),
  );

function endingOf(ending: Ending): string {
  if (ending.kind === "fails") return `fails: ${ending.says.map((text) => `\`${text}\``).join(", ")}`;
  const { state, without } = ending;
  const what = state === "newer" ? ", with what is there by then" : "";
  const lack = without === undefined ? "" : `, without ${without.inWords}`;
  const again = without?.isAskedForAgain === true ? ", which each later sync asks for again" : "";
  return `completes${what}${lack}${again}`;
}

function requestsOf({ requests, waitsMs = [] }: ServerCase): string {
  const waits = waitsMs.map((waitMs) => `after ${waitMs / 1000} s`);
  return [...(requests === undefined ? [] : [`${requests.count} for ${requests.of.name}`]), ...waits].join(
    ", ",
  );
}

const introduction = `<!-- Written by scripts/docs-compatibility.ts from the cases in test/e2e/compatibility and test/e2e/servers; change those instead. -->

# Compatibility

Each repository below is made by a program that is not mirrorctl's, signed by GnuPG, mirrored by \`mirrorctl sync\` over
HTTP, and then used by real clients through nginx while its upstream is switched off. The end-to-end tests run over this
very table, so a line that stands here is a line that passes. For each they check that

- the mirror has the packages and sources that apt would download from upstream, no more and no fewer;
- mirrorctl asked upstream for each of them and for no other, by the URL that upstream knows;
- each of its files is upstream's, byte for byte;
- each client ends with exit status 0 and without a line that begins with \`W:\`, \`E:\`, \`Ign\` or \`Err\` (but for the
  one line of apt that says that there is no InRelease, where upstream has none).

Each entry under "apt" is run by three clients: the apt of the machine (2.6 on Debian 12), apt 3.0 of Debian 13, which
checks signatures with sqv, and the apt of Debian's testing suite, forky (3.3 or newer). The same three use the mirrors of
the workflow of staging and production, of well-known repositories, of a part of Debian's own archive, and the mirror
whose production moves 200 times under them.`;

const variants = `## Architecture variants

A suite with packages for \`amd64v3\` beside those for \`amd64\` is mirrored with and without that variant, and used by apt
3.3. With \`architectures = ["amd64", "amd64v3"]\` a client that enables the variant updates and downloads the packages
that are built for it, whether Release declares the variant in Architectures or only lists its indices, and any other
client gets those of amd64. Without it \`mirrorctl sync\` warns and \`mirrorctl status --check\` fails, since a client that
enables the variant meets a 404; a client without it, or with \`Architectures: amd64\`, is served.`;

const formsOfIndices = `## Forms of indices

An index is mirrored in every compressed form that upstream has, byte for byte. mirrorctl itself reads one of them:

| Form | Read |
| --- | --- |
| plain, \`.gz\`, \`.bz2\`, \`.xz\`, \`.zst\` | always |
| \`.lzma\` | where \`xz\` is installed |
| \`.lz4\` | where \`lz4\` is installed |

Where Packages or Sources exists in no form that can be read, the sync fails and names the program that is missing.

Patches of indices (\`Packages.diff/\`, pdiffs) are not mirrored. A client that asks for them gets 404 and fetches the whole
index. It updates without a warning: a client that holds lists from upstream shows one line that begins with \`Ign\` for each
such index, perhaps twice.`;

const genuineData = `## Genuine indices

What mirrorctl reads from the Packages of Debian's own archive, tens of thousands of packages as the machine's apt
fetched and verified them, is compared field by field with what apt's own parser reads: Package, Version, Architecture,
Filename, Size and SHA256. Where Debian's archive is out of reach, that test is skipped and says so.`;

const misbehavingServers = `## Servers that misbehave

A mirror holds an older state of a repository, its upstream has a newer one, and the server does what is said in the
first column. The end-to-end tests run over this table as well. After each sync they check that clients see one complete
state, the newer or else the older, each file of it byte for byte upstream's, and nothing beside it; and after a sync that
failed, that the next one brings everything once the server behaves. The pauses of a sync, and its patience with a server
that says nothing, are cut short in these tests; how long they are in truth, and what the rules are, is said in
[upstreams.md](upstreams.md#what-is-tried-again).`;

if (import.meta.main) await keepPage(pageFile, compatibilityPage());
