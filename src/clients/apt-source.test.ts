import { expect, test } from "vitest";
import { parseRelease, Suite } from "../repository/index.ts";
import { type AptSource, isExpected, preferencesOf, sourceStanza } from "./apt-source.ts";

const release = (fields = ""): AptSource["release"] =>
  parseRelease(
    `Date: Fri, 27 Nov 2026 09:00:00 UTC\n${fields}SHA256:\n ${"a".repeat(64)} 1 main/x\n`,
    "Release",
  );

const source = (more: Partial<AptSource> = {}): AptSource => ({
  mirror: "debian",
  tree: "/trees/one",
  suite: new Suite("bookworm"),
  release: release(),
  hasInRelease: true,
  components: ["main", "contrib"],
  architectures: undefined,
  withSources: false,
  withTranslations: true,
  trust: { kind: "keys", keys: Buffer.from(""), fingerprints: [], mayHaveExpired: false },
  leftOut: [],
  accepts: { expired: false, future: false, weak: false },
  ...more,
});

const places = { uri: "file:/r/mirrors/debian", keyFile: "/r/keys/debian.gpg" };
const stanza = (more: Partial<AptSource>): readonly string[] =>
  sourceStanza(source(more), places).split("\n");

test("a source has its suite, components and key", () => {
  expect(stanza({})).toEqual([
    "Types: deb",
    "URIs: file:/r/mirrors/debian",
    "Suites: bookworm",
    "Components: main contrib",
    "Languages: en",
    "Signed-By: /r/keys/debian.gpg",
  ]);
});

test("a flat suite has no components", () => {
  expect(stanza({ suite: new Suite("sub/"), components: [] }).join("\n")).not.toContain("Components");
});

test("a source has what clients of the mirror need", () => {
  const all = stanza({
    architectures: ["amd64"],
    withSources: true,
    withTranslations: false,
    accepts: { expired: true, future: true, weak: true },
  });
  expect(all).toEqual(
    expect.arrayContaining([
      "Types: deb deb-src",
      "Architectures: amd64",
      "Languages: none",
      "Check-Valid-Until: no",
      "Check-Date: no",
    ]),
  );
});

test("is trusted if the mirror checks no signature, or accepted what apt refuses", () => {
  const keys = { kind: "keys", keys: Buffer.from(""), fingerprints: [], mayHaveExpired: true } as const;
  const weak = { ...release(), files: new Map() };
  const accepts = { expired: false, future: false, weak: true };
  expect(stanza({ trust: { kind: "unchecked" } })).toContain("Trusted: yes");
  expect(stanza({ trust: keys })).toContain("Trusted: yes");
  expect(stanza({ accepts, release: weak })).toContain("Trusted: yes");
  expect(stanza({ accepts })).not.toContain("Trusted: yes");
});

test("only the fingerprints that apt knows limit the keys", () => {
  const fingerprints = ["A".repeat(40), `${"B".repeat(40)}!`, "C".repeat(64)];
  const trust = { kind: "keys", keys: Buffer.from(""), fingerprints, mayHaveExpired: false } as const;
  expect(stanza({ trust })).toContain(`Signed-By: /r/keys/debian.gpg ${"A".repeat(40)} ${"B".repeat(40)}!`);
});

const line = (uri: string, suite: string) => `Ign:1 ${uri} ${suite} InRelease`;

test("what apt says of another suite or mirror is not expected", () => {
  const detached = source({ hasInRelease: false });
  expect(isExpected(line(places.uri, "bookworm"), detached, places)).toBe(true);
  expect(isExpected(line(places.uri, "bookworm"), source(), places)).toBe(false);
  expect(isExpected(line(places.uri, "sid"), detached, places)).toBe(false);
  expect(isExpected(line("file:/r/mirrors/other-debian", "bookworm"), detached, places)).toBe(false);
  expect(isExpected("Ign:1 file:/r/mirrors/debian bookworm/main amd64 Packages", detached, places)).toBe(
    false,
  );
});

const signatureLine = (fault: string) =>
  `W: GPG error: ${places.uri} bookworm InRelease: invalid: ${fault} AB`;

test("with keys that may have expired, no other fault of a signature is expected", () => {
  const trust = { kind: "keys", keys: Buffer.from(""), fingerprints: [], mayHaveExpired: true } as const;
  expect(isExpected(signatureLine("EXPKEYSIG"), source({ trust }), places)).toBe(true);
  expect(isExpected(signatureLine("BADSIG"), source({ trust }), places)).toBe(false);
  expect(isExpected(signatureLine("EXPKEYSIG"), source(), places)).toBe(false);
});

test("apt is kept from what the filters left out, of each architecture by itself", () => {
  const leftOut = [
    { name: "a", version: "1", architecture: "amd64" },
    { name: "data", version: "2:3", architecture: "all" },
  ];
  expect(preferencesOf([source({ leftOut }), source({ leftOut: leftOut.slice(0, 1) })])).toBe(
    "Package: a:amd64\nPin: version 1\nPin-Priority: -1\n\nPackage: data\nPin: version 2:3\nPin-Priority: -1\n",
  );
});
