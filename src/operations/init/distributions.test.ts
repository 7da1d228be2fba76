import { describe, expect, test } from "vitest";
import { codenameOf, mirrorsOfRelease, type ReleaseChoice } from "./distributions.ts";
import { readOsRelease } from "./this-machine.ts";

const choice: ReleaseChoice = {
  distribution: "debian",
  release: "trixie",
  architectures: ["amd64"],
  sections: undefined,
  source: false,
  url: undefined,
};

const shortly = (parts: Partial<ReleaseChoice>) =>
  mirrorsOfRelease({ ...choice, ...parts }).map(({ id, values: { url, suites, architectures } }) => [
    id,
    url,
    [suites].flat().join(" "),
    [architectures].flat().join(" "),
  ]);

const [archive, ports] = ["http://archive.ubuntu.com/ubuntu/", "http://ports.ubuntu.com/ubuntu-ports/"];
const pockets = "noble noble-updates noble-security noble-backports";

test("Debian has its security updates on another server", () => {
  expect(shortly({})).toEqual([
    ["debian-trixie", "https://deb.debian.org/debian/", "trixie trixie-updates trixie-backports", "amd64"],
    ["debian-trixie-security", "https://security.debian.org/debian-security/", "trixie-security", "amd64"],
  ]);
});

test("a rolling release of Debian has one suite", () => {
  expect(shortly({ release: "sid" })).toEqual([
    ["debian-sid", "https://deb.debian.org/debian/", "sid", "amd64"],
  ]);
});

test("Ubuntu has four pockets on one server, and most processors on another", () => {
  const noble = { distribution: "ubuntu", release: "noble" } as const;
  expect(shortly(noble)).toEqual([["ubuntu-noble", archive, pockets, "amd64"]]);
  expect(shortly({ ...noble, architectures: ["arm64"] })).toEqual([
    ["ubuntu-noble-ports", ports, pockets, "arm64"],
  ]);
  expect(shortly({ ...noble, architectures: ["amd64", "arm64", "i386", "amd64v3", "riscv64"] })).toEqual([
    ["ubuntu-noble", archive, pockets, "amd64 i386 amd64v3"],
    ["ubuntu-noble-ports", ports, pockets, "arm64 riscv64"],
  ]);
});

const sectionsOf = (release: string) => mirrorsOfRelease({ ...choice, release })[0]?.values.sections;

test("the firmware of Debian has a section of its own since bookworm", () => {
  expect(sectionsOf("bullseye")).toEqual(["main"]);
  expect(sectionsOf("bookworm")).toEqual(["main", "non-free-firmware"]);
});

test.each([
  ["debian", "13", "trixie"],
  ["ubuntu", "24.04", "noble"],
  ["ubuntu", "Noble", "noble"],
  ["debian", "duke", "duke"],
] as const)("release %s %s is %s", (distribution, release, codename) => {
  expect(codenameOf(distribution, release)).toBe(codename);
});

describe("os-release", () => {
  test.each([
    ["Debian", "ID=debian\nVERSION_CODENAME=trixie\n", "debian", "trixie"],
    [
      "Ubuntu",
      'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME="noble"\nUBUNTU_CODENAME=noble',
      "ubuntu",
      "noble",
    ],
    ["Linux Mint", "ID=linuxmint\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble", "ubuntu", "noble"],
    ["Debian testing", "ID=debian\n", "debian", undefined],
    ["Fedora", "ID=fedora\nVERSION_CODENAME=\n", undefined, undefined],
  ])("of %s", (_, text, distribution, release) => {
    expect(readOsRelease(text)).toEqual({ distribution, release });
  });
});
