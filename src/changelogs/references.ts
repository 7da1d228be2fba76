/** What the text of a changelog refers to, each once, in the order of the text. */
export interface References {
  /** Such as "CVE-2026-84782". */
  readonly cves: readonly string[];
  /** Of Debian and Ubuntu, such as "DSA-5900-1", "DLA-4000-1" or "USN-7000-1". */
  readonly advisories: readonly string[];
  /** The numbers of closed bugs of Debian. */
  readonly debianBugs: readonly string[];
  /** The numbers of bugs of Launchpad. */
  readonly launchpadBugs: readonly string[];
}

/** Of each kind. A kernel names some hundreds. */
const referencesMax = 5000;

/** Finds identifiers in the texts of changelog entries. The words before bug numbers are those of Debian's and Ubuntu's tools. */
export function findReferences(texts: Iterable<string>): References {
  const found = {
    cves: new Set<string>(),
    advisories: new Set<string>(),
    debianBugs: new Set<string>(),
    launchpadBugs: new Set<string>(),
  };
  for (const text of texts) {
    addAll(found.cves, namesIn(text, /\bCVE-\d{4}-\d{4,9}\b/gi));
    addAll(found.advisories, namesIn(text, /\b(?:DSA|DLA|USN)-\d{1,9}(?:-\d{1,9})?\b/gi));
    addAll(found.debianBugs, numbersIn(text, closesPattern));
    addAll(found.launchpadBugs, numbersIn(text, launchpadPattern));
  }
  return {
    cves: [...found.cves],
    advisories: [...found.advisories],
    debianBugs: [...found.debianBugs],
    launchpadBugs: [...found.launchpadBugs],
  };
}

/** Debian policy 4.4, and Dpkg::Vendor::Ubuntu. */
const closesPattern = /\bcloses:\s*(?:bug)?#?\s?\d+(?:,\s*(?:bug)?#?\s?\d+)*/gi;
const launchpadPattern = /\blp:\s*#\d+(?:,\s*#\d+)*/gi;

function* namesIn(text: string, pattern: RegExp): Generator<string> {
  for (const [name] of text.matchAll(pattern)) yield name.toUpperCase();
}

function* numbersIn(text: string, pattern: RegExp): Generator<string> {
  for (const [list] of text.matchAll(pattern)) for (const [number] of list.matchAll(/\d+/g)) yield number;
}

function addAll(known: Set<string>, names: Iterable<string>): void {
  for (const name of names) {
    if (known.size >= referencesMax) return;
    known.add(name);
  }
}
