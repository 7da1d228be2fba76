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

/** Returns the page for administrators, as Markdown. */
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

Each repository below is made by the named program, signed by GnuPG, mirrored by \`mirrorctl sync\` over HTTP, and then
used by real clients through nginx while its upstream is switched off. The end-to-end tests run over these tables, so every
row is a test that passes. For each row they check that

- the mirror has the packages and sources that apt would download from upstream, no more and no fewer;
- mirrorctl requested each of them and no other file, by the upstream's URL;
- each of its files is upstream's, byte for byte;
- each client ends with exit status 0 and without a line that begins with \`W:\`, \`E:\`, \`Ign\` or \`Err\`, except for the
  one line in which apt says that the upstream has no InRelease.

Three clients run each entry under "apt": the apt of the machine (2.6 on Debian 12), apt 3.0 of Debian 13, which checks
signatures with sqv, and the apt of Debian's testing suite, forky (3.3 or newer). The same three use the mirrors of the
staging workflow, of well-known repositories and of a part of Debian's own archive, and the mirror whose production moves
200 times while they read it.`;

const variants = `## Architecture variants

A suite with packages for \`amd64v3\` and \`amd64\` is mirrored with and without that variant, and used by apt 3.3.

With \`architectures = ["amd64", "amd64v3"]\`, a client that enables the variant updates and downloads its packages. It does
not matter whether Release declares the variant in Architectures or only lists its indices. Other clients get the packages
of amd64.

Without the variant, \`mirrorctl sync\` warns and \`mirrorctl status --check\` fails, because a client that enables it gets a
404. Other clients, also those with \`Architectures: amd64\`, are served.`;

const formsOfIndices = `## Forms of indices

An index is mirrored in every compressed form that the upstream has, byte for byte. mirrorctl itself reads one of them:

| Form | Read |
| --- | --- |
| plain, \`.gz\`, \`.bz2\`, \`.xz\`, \`.zst\` | always |
| \`.lzma\` | if \`xz\` is installed |
| \`.lz4\` | if \`lz4\` is installed |

If no form of Packages or Sources can be read, the sync fails and names the missing program.

Patches of indices (\`Packages.diff/\`, pdiffs) are not mirrored. A client that asks for them gets 404 and downloads the
whole index. It updates without a warning. A client that already has lists from the upstream shows one or two lines that
begin with \`Ign\` for each such index.`;

const genuineData = `## Genuine indices

A test reads the Packages of Debian's own archive, tens of thousands of packages, as the machine's apt downloaded and
verified them. It compares Package, Version, Architecture, Filename, Size and SHA256 with what apt's own parser reads. If
Debian's archive cannot be reached, the test is skipped and says so.`;

const misbehavingServers = `## Servers that misbehave

A mirror has an older state of a repository, its upstream has a newer one, and the server does what the first column says.
The end-to-end tests run over this table too. After each sync they check that clients see one complete state, the newer or
the older one, byte for byte as upstream has it, and no other file. After a failed sync they check that the next one
completes once the server behaves. These tests shorten pauses and timeouts; [upstreams.md](upstreams.md#what-is-tried-again)
has the real ones and the rules.`;

if (import.meta.main) await keepPage(pageFile, compatibilityPage());
