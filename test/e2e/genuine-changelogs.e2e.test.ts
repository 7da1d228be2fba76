/** Compares the changelogs of Debian's own packages with what dpkg-parsechangelog and apt-listchanges read in them. */
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type ChangelogEntry, newerEntries } from "../../src/changelogs/index.ts";
import { readDebChangelog } from "../../src/operations/changelogs/read-deb.ts";
import { machineIndices, machinePackages, runProgram } from "../support/index.ts";
import { systemPath } from "../support/run-program.ts";

/** A native one, one of all architectures, a rebuild, one with CVEs, one whose directory is a link, and where it leads. */
const names = ["base-files", "netbase", "libxdg-basedir1", "openssl", "libgcc-s1", "gcc-12-base"];
const cache = join(import.meta.dirname, "../../.cache");

test("reads in Debian's packages what dpkg-parsechangelog and apt-listchanges read", async ({ skip }) => {
  const lists = join(cache, "machine-indices");
  await machineIndices(lists); // fetches them if they were removed
  const found = await machinePackages(names, join(cache, "machine-packages"), lists);
  if (found.kind === "none") return skip(found.reason);
  const ours = await Promise.all(found.files.map(readByMirrorctl));
  expect(ours.filter(({ linksTo }) => linksTo !== undefined)).toMatchObject([
    { name: "libgcc-s1", linksTo: "gcc-12-base" },
  ]);
  const documented = ours.filter(({ linksTo }) => linksTo === undefined);
  expect(documented.map(({ name }) => name).toSorted()).toEqual(
    names.filter((name) => name !== "libgcc-s1").toSorted(),
  );
  expect(documented).toEqual(await Promise.all(documented.map(readByDebian)));
});

/** What a program reads in a .deb. */
interface Reading {
  readonly deb: string;
  readonly name: string;
  readonly linksTo: string | undefined;
  readonly entries: readonly Fields[];
  readonly old: string;
  /** The versions that are newer than the old one, without rebuilds: apt-listchanges leaves them out. */
  readonly newer: readonly string[];
}

async function readByMirrorctl(deb: string): Promise<Reading> {
  const name = /([^/]+?)_[^/]+$/.exec(deb)?.[1] ?? "";
  const changelog = await readDebChangelog(deb, name, {
    signal: new AbortController().signal,
    decoderCommands: { xz: "xz", lz4: undefined },
  });
  const linksTo = changelog.kind === "link" ? changelog.target : undefined;
  const { entries, isCut } = changelog.kind === "changelog" ? changelog : { entries: [], isCut: false };
  const old = entries[Math.min(5, entries.length - 1)]?.version ?? "";
  const newer = newerEntries({ entries, isCut }, old).entries.filter(({ isBinaryOnly }) => !isBinaryOnly);
  return {
    deb,
    name,
    linksTo,
    entries: entries.map(fieldsOf),
    old,
    newer: newer.map(({ version }) => version),
  };
}

const readByDebian = async ({ deb, name, linksTo, old }: Reading): Promise<Reading> => ({
  deb,
  name,
  linksTo,
  entries: await entriesAsOfDpkg(deb, name),
  old,
  newer: await versionsAsOfAptListchanges(deb, old),
});

type Fields = Readonly<
  Record<"source" | "version" | "distribution" | "urgency" | "maintainer" | "date" | "text", string>
>;

const fieldsOf = (entry: ChangelogEntry): Fields => ({
  source: entry.source,
  version: entry.version,
  distribution: entry.distributions.join(" "),
  urgency: entry.urgency ?? "unknown",
  maintainer: entry.maintainer ?? "",
  date: entry.date ?? "",
  text: entry.body,
});

async function entriesAsOfDpkg(deb: string, name: string): Promise<readonly Fields[]> {
  const files = await changelogsOf(deb, name);
  const all: Fields[] = [];
  for (const input of files) {
    const { exitCode, stdout, output } = await runProgram(
      "dpkg-parsechangelog",
      ["--all", "--format", "rfc822", "-l", "-"],
      { input },
    );
    if (exitCode !== 0) throw new Error(`dpkg-parsechangelog cannot read ${deb}: ${output.slice(-500)}`);
    all.push(...stdout.toString().trimEnd().split("\n\n").map(readStanza));
  }
  return all;
}

/** Extracts the Debian changelogs, that of a rebuild first; of a native package the only one. */
async function changelogsOf(deb: string, name: string): Promise<readonly Buffer[]> {
  const { stdout: tar } = await runProgram("dpkg-deb", ["--fsys-tarfile", deb]);
  const extract = async (pattern: string): Promise<Buffer> =>
    (
      await runProgram("tar", ["-x", "-O", "--wildcards", "-f", "-", `./usr/share/doc/${name}/${pattern}`], {
        input: tar,
      })
    ).stdout;
  const packed = [
    await extract("changelog.Debian.[a-z0-9]*[!z].gz"),
    await extract("changelog.Debian.gz"),
  ].filter(({ length }) => length > 0);
  return (packed.length > 0 ? packed : [await extract("changelog.gz")]).map((bytes) => gunzipSync(bytes));
}

/** Its Changes begin with the header and an empty line; an empty line is a dot. */
function readStanza(stanza: string): Fields {
  const field = (name: string): string =>
    new RegExp(`^${name}: ?((?:.*)(?:\\n .*)*)`, "m").exec(stanza)?.[1]?.replace(/^\n/, "") ?? "";
  const lines = field("Changes")
    .split("\n")
    .map((line) => (line === " ." ? "" : line.slice(1)));
  return {
    source: field("Source"),
    version: field("Version"),
    distribution: field("Distribution"),
    urgency: field("Urgency"),
    maintainer: field("Maintainer"),
    date: field("Date"),
    text: lines
      .slice(1)
      .map((line) => line.trimEnd())
      .join("\n")
      .replace(/^\n+/, "")
      .trimEnd(),
  };
}

async function versionsAsOfAptListchanges(deb: string, since: string): Promise<readonly string[]> {
  const args = ["--frontend=text", "--which=changelogs", `--since=${since}`, deb];
  const env = { PATH: systemPath, LC_ALL: "C.UTF-8", PAGER: "cat" };
  const { exitCode, stdout, output } = await runProgram("apt-listchanges", args, { env });
  if (exitCode !== 0) throw new Error(`apt-listchanges cannot read ${deb}: ${output.slice(-500)}`);
  return [...stdout.toString().matchAll(/^\w\S* \(([^()\s]+)\) .*;/gm)].map(([, version = ""]) => version);
}
