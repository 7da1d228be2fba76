import { describe, expect, test } from "vitest";
import { formatAuth } from "../drafts/format-auth.ts";
import { everythingSaid, mirrorsOf, remarked } from "../imports.fixture.ts";
import { importAptMirror } from "./apt-mirror.ts";

describe("apt-mirror", () => {
  const list = `# a comment
set base_path    /var/spool/apt-mirror
set nthreads     8
set limit_rate   1m
set host         deb.example.org
set _contents    0

deb http://$host/debian bookworm main contrib
deb-src http://$host/debian bookworm main contrib
deb-i386 http://$host/debian bookworm main contrib
deb [arch=arm64] https://ada:s3cret@vendor.example/apt stable main
deb https://flat.example/repo ./
deb ftp://old.example/debian bookworm main
clean http://$host/debian
nonsense
`;
  const imported = importAptMirror(list, "amd64");

  test("becomes mirrors that load", () => {
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "http://deb.example.org/debian/",
        suites: ["bookworm"],
        sections: ["main", "contrib"],
        architectures: ["amd64", "i386"],
        mirror_source: true,
        contents: false,
      },
      "apt-stable": {
        url: "https://vendor.example/apt/",
        suites: ["stable"],
        sections: ["main"],
        architectures: ["arm64"],
        contents: false,
      },
      repo: { url: "https://flat.example/repo/", suites: ["./"], contents: false },
    });
    expect(imported.settings.values).toEqual({ max_conns: 8 });
  });

  test("names what is dropped with its line", () => {
    expect(remarked(imported, "dropped")).toEqual([
      "line 4: set limit_rate   1m",
      "line 13: deb ftp://old.example/debian bookworm main",
      "line 15: nonsense",
    ]);
  });

  test("keeps passwords out of the configuration and the remarks", () => {
    expect(imported.credentials).toEqual([
      { origin: "https://vendor.example", login: "ada", password: "s3cret" },
    ]);
    expect(everythingSaid(imported)).not.toContain("s3cret");
    expect(formatAuth(imported.credentials).text).toBe(
      "machine https://vendor.example login ada password s3cret\n",
    );
  });

  test("says that sources and binaries share their sections", () => {
    const sources = "deb http://h.example/d s main\ndeb-src http://h.example/d s main contrib\n";
    expect(remarked(importAptMirror(sources, "amd64"), "changed")).toContain(
      "line 2: deb-src of s: contrib main",
    );
  });

  test("makes several mirrors of suites that differ in sections", () => {
    const text =
      "deb http://h.example/d a main\ndeb http://h.example/d b main\ndeb http://h.example/d c main extra\n";
    expect(Object.keys(mirrorsOf(importAptMirror(text, "amd64")))).toEqual(["d-a", "d-c"]);
  });

  test("has no words of a comment behind a line as its sections", () => {
    const { mirrors } = importAptMirror("deb http://h.example/a b main # and contrib\n", "amd64");
    expect(mirrors.map(({ sections }) => sections)).toEqual([["main"]]);
  });

  test("has the first of several architectures, as apt-mirror does, and names the others", () => {
    const text = "deb-arm64 [arch=i386,amd64 arch=armhf] http://h.example/a b main\n";
    const several = importAptMirror(text, "amd64");
    expect(several.mirrors.map(({ architectures }) => architectures)).toEqual([["i386"]]);
    expect(remarked(several, "changed")).toContain("line 1: arch=i386,amd64,armhf");
  });

  test("reads a hundred thousand architectures in linear time", () => {
    const text = `deb [${"arch=i386 ".repeat(100_000)}] http://h.example/a b main\n`;
    expect(importAptMirror(text, "amd64").mirrors).toHaveLength(1);
  });

  test("numbers mirrors of one name", () => {
    const names = ["a/debian", "b/debian", "c/debian-b", "d/debian", "e/debian/b-2"];
    const text = names.map((name) => `deb http://h.example/${name} b main\n`).join("");
    const ids = importAptMirror(`${text}deb http://h.example/f/debian-b 2 main\n`, "amd64").mirrors.map(
      ({ id }) => id,
    );
    expect(ids).toEqual(["debian-b", "debian-b-2", "debian-b-b", "debian-b-3", "b-2-b", "debian-b-2-2"]);
  });

  test("ends if a variable contains itself", () => {
    const text = `set a $a$a$a\ndeb http://h.example/$a b main\n`;
    expect(importAptMirror(text, "amd64").mirrors).toHaveLength(1);
  });
});
