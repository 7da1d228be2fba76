import type { SelectedSuite } from "../drafts/group-mirrors.ts";
import type { DraftMirror } from "../drafts/imported.ts";
import type { Remarks } from "../drafts/remarks.ts";

/** Says of which suites the sources are of other sections than the binary packages: a mirror has one list for both. */
export function remarkOnSources(selected: readonly SelectedSuite[], remarks: Remarks): void {
  const bySuite = Map.groupBy(selected, ({ urls, suite, values }) => JSON.stringify([urls, suite, values]));
  for (const lines of bySuite.values()) {
    const sources = lines.filter(({ source }) => source);
    const binaries = lines.filter(({ architectures }) => architectures.length > 0);
    const [first] = sources;
    if (first === undefined || binaries.length === 0 || sectionsOf(sources) === sectionsOf(binaries))
      continue;
    const means = `sources and binary packages of the same sections: ${sectionsOf(lines)}`;
    remarks.add("changed", first.place, `deb-src of ${first.suite}: ${sectionsOf(sources)}`, means);
  }
}

const sectionsOf = (some: readonly SelectedSuite[]): string =>
  [...new Set(some.flatMap(({ sections }) => sections))].toSorted().join(" ");

/** A mirror always has binary packages. Only the other tool can have the sources alone. */
export function withArchitectures(mirror: DraftMirror, architecture: string, remarks: Remarks): DraftMirror {
  if (mirror.architectures.length > 0 || mirror.sections.length === 0) return mirror;
  remarks.add(
    "changed",
    mirror.places[0],
    `sources of ${mirror.suites.join(", ")} alone`,
    `binary packages are always mirrored too: those of ${architecture}`,
  );
  return { ...mirror, architectures: [architecture] };
}
