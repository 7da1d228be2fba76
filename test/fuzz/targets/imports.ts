import { deepEqual, ok } from "node:assert/strict";
import { parse } from "smol-toml";
import { isMirrorId } from "../../../src/config/index.ts";
import { type Imported, importAptly, importAptMirror, importDebmirror } from "../../../src/imports/index.ts";
import { formatImported } from "../../../src/operations/imports/format-imported.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attempt, refused } from "./properties.ts";
import { whiteSpace } from "./words.ts";

const aptlyMirror =
  '{"Name":"a","ArchiveRoot":"http://h/","Distribution":"s","Components":["main"],"Architectures":["amd64"]}';

/** The first line names the tool. */
const readers: Readonly<Record<string, (text: string) => Imported>> = {
  "apt-mirror": (text) => importAptMirror(text, "amd64"),
  aptly: (text) => importAptly([{ name: "a", text }]),
  "aptly-config": (text) =>
    importAptly([
      { name: "a", text },
      { name: "b", text: aptlyMirror },
    ]),
  debmirror: (text) => importDebmirror({ file: text }, "amd64"),
  arguments: (text) => importDebmirror({ args: text.split(/\s+/) }, "amd64"),
};

export const imports: FuzzTarget = {
  name: "imports",
  dictionary: [
    "apt-mirror\n aptly\n debmirror\n arguments\n deb deb-src deb-i386 [arch=amd64,i386] clean set nthreads base_path".split(
      " ",
    ),
    "http://h.example/debian https://u:p@h/ ftp://h/ bookworm ./ main contrib $a ${a} '8' \"8\" # % @ qw( ) ; = ,".split(
      " ",
    ),
    ['$host="h";\n', '@dists=("a","b");\n', "@dists=qw(a b);\n", "$do_source=0;\n", "$passwd='p';\n"],
    "--host=h --dist=a,b --section=main --arch=amd64 --method=http --nosource -e -h --exclude=x --user=u --passwd=p".split(
      " ",
    ),
    [aptlyMirror, '"Filter":"x"', "Name (= a) (% a*) (~ ^a$) | , ! $Source"],
    whiteSpace,
  ].flat(),
  check(input) {
    const text = Buffer.from(input).toString("utf8");
    const end = text.indexOf("\n");
    const read = readers[text.slice(0, Math.max(end, 0))];
    if (read === undefined) return accepted(0);
    const result = attempt(() => read(text.slice(end + 1)));
    return result.kind === "refused" ? refused(result.error) : checkImported(result.value, text);
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
  for (const url of imported.mirrors.flatMap(({ urls }) => urls)) {
    ok(/^https?:\/\/[^@]*$/.test(new URL(url).origin) && new URL(url).password === "", "a password in a URL");
  }
  const remarks = imported.remarks.map(({ said, means }) => `${said}\n${means}`).join("\n");
  ok(!/:\/\/[^\s/@*]*:[^\s@*]+@/.test(remarks), "a password in a remark");
  return accepted(Math.min(ids.length, 2), ...new Set(imported.remarks.map(({ kind }) => kind)));
}
