import { deepEqual, doesNotThrow, ok } from "node:assert/strict";
import { parse } from "smol-toml";
import { ConfigError, isMirrorId, readToml } from "../../../src/config/index.ts";
import {
  filterListNames,
  type Imported,
  importAptly,
  importAptMirror,
  importAptMirror2,
  importDebmirror,
  importMirrorctlGo,
  importReprepro,
} from "../../../src/imports/index.ts";
import { formatImported } from "../../../src/operations/imports/format-imported.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attemptAsync, refused } from "./properties.ts";
import { whiteSpace } from "./words.ts";

const aptlyMirror =
  '{"Name":"a","ArchiveRoot":"http://h/","Distribution":"s","Components":["main"],"Architectures":["amd64"]}';

/** The first line names the tool. "%%" divides files. */
const readers: Readonly<Record<string, (text: string) => Imported | Promise<Imported | undefined>>> = {
  "apt-mirror": (text) => importAptMirror(text, "amd64"),
  "apt-mirror2": (text) => {
    const [first, second] = filesOf(text);
    return importAptMirror2({ lists: [first], sources: [second] }, "amd64");
  },
  aptly: (text) => importAptly([{ name: "a", text }]),
  "aptly-config": (text) =>
    importAptly([
      { name: "a", text },
      { name: "b", text: aptlyMirror },
    ]),
  debmirror: (text) => importDebmirror({ file: text }, "amd64"),
  arguments: (text) => importDebmirror({ args: text.split(/\s+/) }, "amd64"),
  "mirrorctl-go": ofToml,
  reprepro(text) {
    const [updates, target, list] = filesOf(text);
    const lists = new Map(filterListNames([updates]).map((name) => [name, list.text]));
    return importReprepro({ updates: [updates], distributions: target.text === "" ? [] : [target], lists });
  },
};

async function ofToml(text: string): Promise<Imported | undefined> {
  try {
    return importMirrorctlGo({ ...(await readToml({ path: "/etc/mirror.toml", text })), folder: "/etc" });
  } catch (error) {
    if (error instanceof ConfigError && error.code === "TOML_MALFORMED") return undefined; // shows several lines
    throw error;
  }
}

function filesOf(text: string) {
  const [first = "", second = "", third = ""] = text.split("%%\n");
  return [
    { name: "a", text: first },
    { name: "b", text: second },
    { name: "c", text: third },
  ] as const;
}

export const imports: FuzzTarget = {
  name: "imports",
  dictionary: [
    Object.keys(readers).map((tool) => `${tool}\n`),
    "deb deb-src deb-i386 [arch=amd64,i386] clean set nthreads base_path %%\n".split(" "),
    "http://h.example/debian https://u:p@h/ ftp://h/ bookworm ./ main contrib $a ${a} '8' \"8\" # % @ qw( ) ; = ,".split(
      " ",
    ),
    ['$host="h";\n', '@dists=("a","b");\n', "@dists=qw(a b);\n", "$do_source=0;\n", "$passwd='p';\n"],
    "--host=h --dist=a,b --section=main --arch=amd64 --method=http --nosource -e -h --exclude=x --user=u --passwd=p".split(
      " ",
    ),
    [aptlyMirror, '"Filter":"x"', "Name (= a) (% a*) (~ ^a$) | , ! $Source"],
    "Name: Method: Fallback: From: Suite:* Components:main>a Architectures: UDebComponents: Flat: VerifyRelease:blindtrust Codename: Update:".split(
      " ",
    ),
    ["FilterFormula: Package (% a*), !Package (== b) | x\n", "FilterList: purge c\n", "a install\n"],
    "Types:deb URIs: Suites: Signed-By: Enabled:no include_binary_packages exclude_sections [signed-by=/a]".split(
      " ",
    ),
    [
      "[mirrors.a]\n",
      "[mirror.a.filters]\n",
      'url = "http://h/"\n',
      'suites = ["s"]\n',
      'exclude_patterns = ["a+"]\n',
    ],
    whiteSpace,
  ].flat(),
  async check(input) {
    const text = Buffer.from(input).toString("utf8");
    const end = text.indexOf("\n");
    const tool = text.slice(0, Math.max(end, 0));
    const read = Object.hasOwn(readers, tool) ? readers[tool] : undefined;
    if (read === undefined) return accepted(0);
    const result = await attemptAsync(async () => await read(text.slice(end + 1)));
    if (result.kind === "refused") return refused(result.error);
    return result.value === undefined ? accepted("not TOML") : checkImported(result.value, text);
  },
};

function checkImported(imported: Imported, text: string) {
  const lines = text.split("\n").length;
  for (const { place, said, means } of imported.remarks) {
    const number =
      place === undefined || "mirror" in place ? 1 : "line" in place ? place.line : place.argument;
    ok(number >= 1 && number <= text.length + 1, `number ${number}`);
    ok(place === undefined || !("line" in place) || place.line <= lines, `line ${number}`);
    ok(said.length <= 200 && means.length <= 1000, "a long remark");
  }
  const ids = imported.mirrors.map(({ id }) => id);
  ok(ids.every(isMirrorId), `the ids ${ids.join(" ")}`);
  const config = formatImported(imported, { from: "a test", dir: "/srv" });
  deepEqual(
    Object.keys(parse(config)["mirrors"] ?? {}).toSorted(),
    ids.toSorted(),
    "the mirrors of what was written",
  );
  for (const pattern of imported.mirrors.flatMap(
    ({ tables }) => tables["filters"]?.["exclude_patterns"] ?? [],
  )) {
    doesNotThrow(() => new RegExp(String(pattern)), "a pattern that is none");
  }
  for (const url of imported.mirrors.flatMap(({ urls }) => urls)) {
    ok(/^https?:\/\/[^@]*$/.test(new URL(url).origin) && new URL(url).password === "", "a password in a URL");
  }
  const remarks = imported.remarks.map(({ said, means }) => `${said}\n${means}`).join("\n");
  ok(!/:\/\/[^\s/@*]*:[^\s@*]+@/.test(remarks), "a password in a remark");
  return accepted(Math.min(ids.length, 2), ...new Set(imported.remarks.map(({ kind }) => kind)));
}
