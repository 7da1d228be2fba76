import { expect, test } from "vitest";
import { isExempt, parseExemption } from "./exemption.ts";

test.each([
  ["mirror:*-security", "mirror", "bookworm-security", true],
  ["mirror:*-security", "mirror", "bookworm", false],
  ["mirror:*-security", "source", "x-security", false],
  ["source:ca-certificates", "source", "ca-certificates", true],
  ["source:ca-certificates", "source", "ca-certificates-java", false],
  ["source:libstdc++?", "source", "libstdc++6", true],
  ["source:libstdc++?", "source", "libstdcc6", false],
  ["source:linux.*", "source", "linux-signed", false],
  ["fixes:cve", "source", "cve", false],
] as const)("%s exempts the %s %s: %s", (text, kind, name, expected) => {
  const exemption = parseExemption(text);
  expect(exemption).toBeDefined();
  expect(isExempt(exemption === undefined ? [] : [exemption], kind, name)).toBe(expected);
});

test.each([
  "",
  "mirror:",
  "suite:noble",
  "fixes:CVE",
  "fixes:*",
  "source:[a-z]",
  "source:a b",
  "ca-certificates",
])("%j is not an exemption", (text) => {
  expect(parseExemption(text)).toBeUndefined();
});
