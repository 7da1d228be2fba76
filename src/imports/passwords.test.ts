import { describe, expect, test } from "vitest";
import { importAptMirror } from "./apt-mirror/apt-mirror.ts";
import { importAptMirror2 } from "./apt-mirror2/apt-mirror2.ts";
import { importAptly } from "./aptly/aptly.ts";
import { importDebmirror } from "./debmirror/debmirror.ts";
import { formatAuth } from "./drafts/format-auth.ts";
import type { Imported } from "./drafts/imported.ts";
import { everythingSaid, remarked } from "./imports.fixture.ts";
import { importMirrorctlGo } from "./mirrorctl-go/mirrorctl-go.ts";
import { importReprepro } from "./reprepro/reprepro.ts";

const aptMirror2 = (text: string, name = "a") =>
  importAptMirror2({ lists: [{ name, text }], sources: [] }, "amd64");

/** A place for a URL in the configuration of each tool. */
const places: Readonly<Record<string, (url: string) => Imported>> = {
  "a line of apt-mirror": (url) => importAptMirror(`deb ${url} s main\n`, "amd64"),
  "a wrong line of apt-mirror": (url) => importAptMirror(`dep ${url} s main\n`, "amd64"),
  "a setting of apt-mirror": (url) => importAptMirror(`set http_proxy ${url}\n`, "amd64"),
  "an option of apt-mirror": (url) => importAptMirror(`clean ${url}\n`, "amd64"),
  "a line of apt-mirror2": (url) => aptMirror2(`deb [arch=a] ${url} s main\n`),
  "an option of apt-mirror2": (url) =>
    aptMirror2(`deb ${url} s main\nexclude_sections ${url} x\nmirror_path ${url}\n`),
  "a stanza of apt-mirror2": (url) =>
    importAptMirror2(
      { lists: [], sources: [{ name: "b", text: `Types: deb\nURIs: ${url}\nSuites: s\nX: ${url}\n` }] },
      "a",
    ),
  "a mirror of aptly": (url) =>
    importAptly([{ name: "a", text: JSON.stringify({ Name: "m", ArchiveRoot: url, Distribution: "s/" }) }]),
  "the file of debmirror": (url) =>
    importDebmirror({ file: `$proxy="${url}";\n$host="${url}";\n$x = "${url}" . 1;` }, "a"),
  "an argument of debmirror": (url) => importDebmirror({ args: [`--proxy=${url}`, "--host", url, url] }, "a"),
  "a rule of reprepro": (url) =>
    importReprepro({
      updates: [
        {
          name: "u",
          text: `Name: a\nMethod: ${url}\nFallback: ${url}\nSuite: s\nFlat: x\nConfig: A::B=${url}\n`,
        },
      ],
      distributions: [],
      lists: new Map(),
    }),
  "a mirror of mirrorctl-go": (url) =>
    importMirrorctlGo({
      values: { mirrors: { m: { url, suites: ["s/"], x: url } } },
      lineOf: () => 1,
      folder: "/",
    }),
};

const urls = [
  "s3cret",
  "a@s3cret",
  "a%40s3cret",
  "%s3cret%zz",
  "a:s3cret",
  "a/s3cret",
  "1/s3cret",
  "1?s3cret",
  "1#s3cret",
  "a s3cret",
  "s3cret@@",
]
  .map((password) => `http://ada:${password}@h.example/debian`)
  .concat(
    "ftp://ada:s3cret@h.example/d",
    "http://s3cret@h.example/d",
    "http://s3cret:@h.example/d",
    "https://h.example/d?token=s3cret",
  );

test.each(Object.keys(places))("a password in a URL is not shown: %s", (place) => {
  for (const url of urls) {
    const imported = places[place]?.(url);
    expect({ url, shows: imported === undefined || everythingSaid(imported).includes("s3cret") }).toEqual({
      url,
      shows: false,
    });
  }
});

describe("passwords", () => {
  test.each([
    'set proxy_password "a s3cret word"',
    "set http_proxy ada:s3cret@proxy.example:3128",
    "deb http://ada:a/s3cret@h.example/debian bookworm main",
    "deb http://ada:a@s3cret@h.example/debian bookworm main",
    "deb http://ada:a%40s3cret@h.example/debian bookworm main",
    "deb http://ada:%s3cret%zz@h.example/debian bookworm main",
    "deb ftp://ada:s3cret@h.example/debian bookworm main",
    "dep http://ada:s3cret@h.example/debian bookworm main",
    "set login ada:s3cret\ndeb http://$login@h.example/debian bookworm main",
    "set proxy_password s3cret\nset use_proxy on s3cret",
    "deb http://ada:s3cret@h.example/d s main\n# or\nclean http://ada:s3cret@h.example/d",
  ])("of apt-mirror are shown nowhere: %s", (text) => {
    expect(everythingSaid(importAptMirror(text, "amd64"))).not.toContain("s3cret");
  });

  test("of debmirror are shown nowhere, whatever is around them", () => {
    const file =
      '$host="h.example";\n$passwd="a s3cret";\n$passwd = $x . "s3cret";\n$proxy="http://a:s3cret@p/";\n';
    expect(everythingSaid(importDebmirror({ file }, "amd64"))).not.toContain("s3cret");
    const args = ["--host=h.example", "--passwd", "a s3cret", "--proxy=ada:s3cret@proxy.example"];
    expect(everythingSaid(importDebmirror({ args }, "amd64"))).not.toContain("s3cret");
    const short = ["--host", "ada:s3cret@h.example", "--passw=s3cret"];
    expect(everythingSaid(importDebmirror({ args: short }, "amd64"))).not.toContain("s3cret");
  });

  test("of aptly are shown nowhere", () => {
    const mirror = {
      Name: "m",
      ArchiveRoot: "https://ada:s3cret@h.example/d",
      Distribution: "s",
      Components: ["main"],
      Architectures: ["amd64"],
      Filter: "Name (s3cret)) | x",
    };
    expect(everythingSaid(importAptly([{ name: "a", text: JSON.stringify(mirror) }]))).not.toContain(
      "s3cret",
    );
  });

  test("are shown nowhere if there are thousands of them", () => {
    const lines = Array.from(
      { length: 3_000 },
      (_, index) =>
        `set x${index} s3cret${index}\ndeb http://ada:s3cret${index}@h${index}.example/debian s main\n`,
    );
    expect(everythingSaid(importAptMirror(lines.join(""), "amd64"))).not.toContain("s3cret");
  });

  test("of two users of one host are not mixed up", () => {
    const text = "deb http://ada:one1@h.example/a b main\ndeb http://bob:two2@h.example/c b main\n";
    const imported = importAptMirror(text, "amd64");
    expect(imported.credentials).toEqual([{ origin: "http://h.example", login: "ada", password: "one1" }]);
    expect(remarked(imported, "dropped")).toEqual(["line 2: another user of http://h.example"]);
  });

  test("that auth.conf cannot have are left out", () => {
    const spaced = { origin: "https://h.example", login: "ada", password: "two words" };
    expect(formatAuth([spaced])).toEqual({ text: "", unwritable: [spaced] });
  });
});
