import { expect, test } from "vitest";
import { readDpkgStatus } from "./dpkg-status.ts";

const stanza = (name: string, fields: Readonly<Record<string, string>> = {}): string => {
  const all = {
    Package: name,
    Status: "install ok installed",
    Version: "1",
    Architecture: "amd64",
    ...fields,
  };
  return `${Object.entries(all)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join("")}\n`;
};

const read = (...stanzas: readonly string[]) => readDpkgStatus(Buffer.from(stanzas.join("")), "web.status");

test("lists what is installed, and what is held", () => {
  const { packages } = read(
    stanza("dpkg"),
    stanza("held", { Status: "hold ok installed", Version: "2:3-4" }),
    stanza("gone", { Status: "deinstall ok config-files" }),
    stanza("half", { Status: "install reinstreq half-installed" }),
    "Package: never\nStatus: unknown ok not-installed\n\n",
  );
  expect(packages).toEqual([
    { name: "dpkg", version: "1", isHeld: false },
    { name: "held", version: "2:3-4", isHeld: true },
  ]);
});

test("names foreign packages with their architecture, as apt does", () => {
  const foreign = { Architecture: "i386" };
  const { platform, packages } = read(
    stanza("a", foreign),
    stanza("b", foreign),
    stanza("data", { Architecture: "all" }),
    stanza("dpkg"),
  );
  expect(platform).toEqual({ architecture: "amd64", foreign: ["i386"], variant: undefined });
  expect(packages.map(({ name }) => name)).toEqual(["a:i386", "b:i386", "data", "dpkg"]);
});

test("finds the architecture of most packages without dpkg, and the variant", () => {
  const variant = { "Architecture-Variant": "amd64v3" };
  expect(read(stanza("x", { Architecture: "arm64" }), stanza("a", variant), stanza("b")).platform).toEqual({
    architecture: "amd64",
    foreign: ["arm64"],
    variant: "amd64v3",
  });
});

test.each(["", "Package: a\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: amd64\n"])(
  "refuses a file without installed packages: %j",
  (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: "PROFILE_INVALID", message: "web.status lists no installed package" }),
    );
  },
);

test("refuses what is not a status file", () => {
  expect(() => read("<!DOCTYPE html>\n")).toThrow("web.status");
});
