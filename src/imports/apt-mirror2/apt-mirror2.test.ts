import { describe, expect, test } from "vitest";
import { everythingSaid, mirrorsOf, remarked } from "../imports.fixture.ts";
import { importAptMirror2 } from "./apt-mirror2.ts";

const ofList = (text: string) =>
  importAptMirror2({ lists: [{ name: "mirror.list", text }], sources: [] }, "amd64");
const ofSources = (text: string) =>
  importAptMirror2({ lists: [], sources: [{ name: "a.sources", text }] }, "amd64");

describe("lines", () => {
  test("become mirrors that load", () => {
    const imported = ofList(`set nthreads 4
set base_path /srv/mirror
set gpg_verify force
set ca_certificate $base_path/ca.pem
; a comment
deb http://h.example/debian/ bookworm,bookworm-updates main contrib
deb-arm64 http://h.example/debian bookworm main contrib
deb [arch=amd64,src by-hash=force signed-by=/k/a.gpg,/k/b.asc] https://v.example/apt stable main
deb-src https://s.example/src sid main
deb https://ada:s3cret@flat.example/repo ./
`);
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "http://h.example/debian/",
        suites: ["bookworm"],
        sections: ["main", "contrib"],
        architectures: ["amd64", "arm64"],
      },
      "debian-bookworm-updates": {
        url: "http://h.example/debian/",
        suites: ["bookworm-updates"],
        sections: ["main", "contrib"],
        architectures: ["amd64"],
      },
      "apt-stable": {
        url: "https://v.example/apt/",
        suites: ["stable"],
        sections: ["main"],
        architectures: ["amd64"],
        mirror_source: true,
        pgp_key_path: ["/k/a.gpg", "/k/b.asc"],
      },
      "src-sid": {
        url: "https://s.example/src/",
        suites: ["sid"],
        sections: ["main"],
        architectures: ["amd64"],
        mirror_source: true,
      },
      repo: { url: "https://flat.example/repo/", suites: ["./"] },
    });
    expect(imported.settings).toEqual({
      values: { max_conns: 4 },
      tables: { tls: { ca_cert_file: "/srv/mirror/ca.pem" } },
    });
    expect(remarked(imported, "dropped")).toEqual([]);
    expect(everythingSaid(imported)).not.toContain("s3cret");
  });

  test("mean the architecture that was set before them", () => {
    const { mirrors } = ofList(
      "deb http://h.example/a x main\nset defaultarch riscv64\ndeb http://h.example/b x main\n",
    );
    expect(mirrors.map(({ architectures }) => architectures)).toEqual([["amd64"], ["riscv64"]]);
  });

  test("of one suite have the first keys that one of them names", () => {
    const { mirrors } = ofList(
      "deb http://h.example/d s main\ndeb-src [signed-by=/k/a] http://h.example/d s main\ndeb [arch=i386 signed-by=/k/b] http://h.example/d s main\n",
    );
    expect(mirrors.map(({ values, architectures, source }) => [values, architectures, source])).toEqual([
      [{ pgp_key_path: ["/k/a"] }, ["amd64", "i386"], true],
    ]);
  });

  test("of several files have its name", () => {
    const lists = [
      { name: "mirror.list", text: "set limit_rate 1m\n" },
      { name: "mirror.list.d/a.list", text: "\nfoo\ndeb http://h.example/d s main\n" },
    ];
    expect(remarked(importAptMirror2({ lists, sources: [] }, "amd64"), "dropped")).toEqual([
      "mirror.list.d/a.list:2: foo",
      "mirror.list:1: set limit_rate 1m",
    ]);
  });

  test("have options by repository, with or without a slash at the end", () => {
    const imported = ofList(`deb http://h.example/debian a main
deb http://h.example/debian b main contrib
deb http://s.example/d c main
deb-src http://s.example/d c main
include_binary_packages http://h.example/debian/ bash g++
exclude_binary_packages http://h.example/debian g++
exclude_binary_packages http://s.example/d bash
exclude_sections http://h.example/debian games
ignore_errors http://h.example/debian pool/x
mirror_path http://h.example/debian debian
clean http://none.example/debian
`);
    const filters = {
      exclude_patterns: [String.raw`^(?!(?:bash|g\+\+)$)[^_]*$`, String.raw`^(?=(?:g\+\+)$)[^_]*$`],
    };
    expect(imported.mirrors.map(({ id, tables }) => [id, tables])).toEqual([
      ["debian-a", { filters }],
      ["debian-b", { filters }],
      ["d-c", {}],
    ]);
    expect(remarked(imported, "dropped")).toEqual([
      "line 7: exclude_binary_packages http://s.example/d bash",
      "line 8: exclude_sections http://h.example/debian games",
      "line 9: ignore_errors http://h.example/debian pool/x",
    ]);
    expect(remarked(imported, "changed")).toContain("line 11: clean http://none.example/debian");
  });

  test("that are not to be mirrored are dropped", () => {
    const imported = ofList(
      "deb ftp://h.example/d s main\ndeb http://$host/d s main\ndeb http://h.example/d\n",
    );
    expect(remarked(imported, "dropped")).toEqual([
      "line 1: deb ftp://h.example/d s main",
      "line 2: deb http://$host/d s main",
      "line 3: deb http://h.example/d",
    ]);
    expect(imported.mirrors).toEqual([]);
  });

  test("end if a variable contains itself", () => {
    expect(ofList("set nthreads $a\nset a $a${a}\n").mirrors).toEqual([]);
  });
});

describe("stanzas", () => {
  test("become mirrors that load", () => {
    const imported = ofSources(`# Debian
Types: deb deb-src
URIs: http://h.example/debian
 http://other.example/debian
Suites: bookworm
 bookworm-updates
Components: main
Architectures: amd64 i386
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
GPG-Verify: force
Mirror-Path: debian
By-Hash: force

Types: deb
URIs: https://v.example/apt
Suites: stable
Components: main
Include-Binary-Packages: bash
 dash
Exclude-Tags: role::x
Colour: red

Types: deb
URIs: https://off.example/apt
Suites: stable
Enabled: on
`);
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "http://h.example/debian/",
        suites: ["bookworm", "bookworm-updates"],
        sections: ["main"],
        architectures: ["amd64", "i386"],
        mirror_source: true,
        pgp_key_path: ["/usr/share/keyrings/debian-archive-keyring.gpg"],
      },
      "apt-stable": {
        url: "https://v.example/apt/",
        suites: ["stable"],
        sections: ["main"],
        architectures: ["amd64"],
        filters: { exclude_patterns: ["^(?!(?:bash|dash)$)[^_]*$"] },
      },
    });
    expect(remarked(imported, "dropped")).toEqual(["a.sources:20: Exclude-Tags: role::x"]);
    expect(remarked(imported, "changed")).toEqual(
      expect.arrayContaining([
        "a.sources:3: URIs: http://h.example/debian http://other.example/debian",
        "a.sources:21: Colour: red",
        "a.sources:23: stanza of https://off.example/apt",
      ]),
    );
  });

  test("with a key in them, or without URIs, are named", () => {
    const imported = ofSources(
      "Types: deb\nSuites: x\n\nlost\n\nTypes: deb\nURIs: http://h.example/d\nSuites: x\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n",
    );
    expect(remarked(imported, "dropped")).toEqual([
      "a.sources:1: stanza of no URIs",
      "a.sources:4: lost",
      "a.sources:10: Signed-By:  -----BEGIN PGP PUBLIC KEY BLOCK-----".replace("  ", " "),
    ]);
  });
});
