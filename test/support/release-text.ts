import { digestOf } from "./digests.ts";
import { type CompleteSuiteOptions, isFlat, releaseDirectory } from "./suite-options.ts";

/** Returns the Release of a suite that lists these files: name relative to the Release -> content. */
export function releaseText(
  suite: string,
  options: CompleteSuiteOptions,
  listed: ReadonlyMap<string, Buffer>,
  date: Date,
): string {
  const fields = { ...usualFields(suite, options, date), ...options.extraReleaseFields };
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}\n`);
  const names = [...listed.keys()].toSorted();
  const sections = options.digests.map((digest) => {
    const entry = (name: string) => {
      const content = listed.get(name) ?? Buffer.alloc(0);
      return ` ${digestOf(content, digest)} ${String(content.length).padStart(8)} ${name}\n`;
    };
    return `${digest}:\n${names.map(entry).join("")}`;
  });
  return options.editRelease(lines.join("") + sections.join(""));
}

function usualFields(suite: string, options: CompleteSuiteOptions, date: Date): Record<string, string> {
  const { validUntil, architectures, components } = options;
  // apt compares the requested suite with these, unless it is "/".
  const named = releaseDirectory(suite) === "" ? {} : { Suite: suite, Codename: suite };
  const divided = {
    Architectures: architectures.join(" "),
    Components: components.join(" "),
    // As in Debian: binary-amd64/Packages contains the packages of `all` too, and clients need not request both.
    ...(architectures.includes("all") ? { "No-Support-for-Architecture-all": "Packages" } : {}),
  };
  return {
    Origin: "Fake",
    Label: "Fake",
    ...named,
    Date: releaseDate(date),
    ...(validUntil === undefined ? {} : { "Valid-Until": releaseDate(validUntil) }),
    ...(options.acquireByHash ? { "Acquire-By-Hash": "yes" } : {}),
    ...(isFlat(suite) ? {} : divided),
    Description: "a repository of the tests",
  };
}

/** Returns the date as RFC 1123 has it, with the zone that Debian writes. */
const releaseDate = (date: Date): string => date.toUTCString().replace("GMT", "UTC");
