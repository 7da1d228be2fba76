import { equal, ok } from "node:assert/strict";
import { newerEntries, parseChangelog } from "../../../src/changelogs/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted } from "./properties.ts";

/** The changelog of a package. */
export const changelogs: FuzzTarget = {
  name: "changelogs",
  dictionary: [
    "hello (1.0-1) unstable; urgency=medium\n",
    "  * Fix CVE-2026-12345. Closes: #123, #456 (LP: #789)\n",
    " -- Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n",
    "; urgency=high, binary-only=yes",
    "Local variables:\n",
    "# Older entries have been removed from this changelog.\n",
    "Old Changelog:\n",
    "DSA-5900-1",
    "\n\n",
    "\xe9",
  ],
  check(input) {
    const changelog = parseChangelog(input);
    const { entries, isCut } = changelog;
    ok(entries.length <= 200, "more entries than the limit");
    for (const { source, version, body, urgency = "" } of entries) {
      ok(
        /^[-+\w.]+$/.test(source) && /^[^() \t\n]+$/.test(version),
        `the version "${version}" of "${source}"`,
      );
      ok(/^\w*$/.test(urgency) && body === body.trimEnd() && body.length <= input.length * 3, "a body");
    }
    equal(
      JSON.stringify(parseChangelog(printed(entries)).entries),
      JSON.stringify(entries),
      "printed and read again",
    );
    for (const version of [undefined, ...entries.slice(0, 5).map((entry) => entry.version)]) {
      const newer = newerEntries(changelog, version);
      equal(JSON.stringify(newer.entries), JSON.stringify(entries.slice(0, newer.entries.length)));
      for (const cve of newer.cves) ok(/^CVE-\d{4}-\d{4,}$/.test(cve), cve);
    }
    const { cves, debianBugs, launchpadBugs } = newerEntries(changelog, "");
    return accepted(entries.length, isCut, cves.length > 0, debianBugs.length > 0, launchpadBugs.length > 0);
  },
};

type Entries = ReturnType<typeof parseChangelog>["entries"];

/** Writes entries as deb-changelog(5) says. */
function printed(entries: Entries): Buffer {
  const texts = entries.map(
    ({ source, version, distributions, urgency, isBinaryOnly, keys, body, maintainer, date }) => {
      const all = [
        ...(urgency === undefined ? [] : [`urgency=${urgency}`]),
        ...(isBinaryOnly ? ["binary-only=yes"] : []),
        ...Object.entries(keys).map(([key, value]) => `${key}=${value}`),
      ];
      const trailer = maintainer === undefined ? "" : `\n -- ${maintainer}  ${date}\n`;
      return `${source} (${version}) ${distributions.join(" ")}; ${all.join(", ")}\n\n${body}\n${trailer}`;
    },
  );
  return Buffer.from(texts.join("\n"));
}
