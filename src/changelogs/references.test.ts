import { expect, test } from "vitest";
import { findReferences } from "./references.ts";

test("finds each identifier once, in the order of the text", () => {
  const text = `  * Fix CVE-2026-84782 and cve-2026-0001 (DSA-5900-1, USN-7000-2).
  * Fix CVE-2026-84782 again. DLA-4000-1. Closes: #1001, #1002
    (Closes: bug#1003) (LP: #2001, #2002).`;
  expect(findReferences([text, "  * CVE-2026-1234567; closes: 1004"])).toEqual({
    cves: ["CVE-2026-84782", "CVE-2026-0001", "CVE-2026-1234567"],
    advisories: ["DSA-5900-1", "USN-7000-2", "DLA-4000-1"],
    debianBugs: ["1001", "1002", "1003", "1004"],
    launchpadBugs: ["2001", "2002"],
  });
});

test.each([
  "CVE-2026-123 has three digits",
  "CVE-26-12345",
  "XCVE-2026-12345",
  "discloses: 12, help: #12",
  "lp:12",
  "#1234",
  "",
])("finds nothing in %j", (text) => {
  expect(findReferences([text])).toEqual({ cves: [], advisories: [], debianBugs: [], launchpadBugs: [] });
});

test("stops at five thousand of a kind", () => {
  const text = Array.from({ length: 6000 }, (_, number) => `CVE-2026-${10_000 + number}`).join(" ");
  expect(findReferences([text]).cves).toHaveLength(5000);
});
