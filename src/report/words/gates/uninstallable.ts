import type { CausingChange, Detail } from "../../../gates/index.ts";
import { countOf } from "../../units.ts";
import { causeText } from "../cause.ts";

/** Says in a sentence what machines cannot install, why, and which change did it. */
export function uninstallableText({
  machine,
  name,
  version,
  isNew,
  isIgnored,
  cause,
  change,
  alsoBreaks,
}: Extract<Detail, { readonly kind: "uninstallable" }>): string {
  const marks = [...(isIgnored ? ["ignored"] : []), ...(isNew ? ["new, so not counted"] : [])];
  return [
    `${name} ${version} on ${machine}`,
    ...(marks.length === 0 ? [] : [` (${marks.join("; ")})`]),
    ...(cause === undefined ? [] : [`: ${causeText(cause)}`]),
    ...(change === undefined ? [] : [`, because ${changeText(change)}`]),
    ...(alsoBreaks === undefined ? [] : [`; this breaks ${countOf(alsoBreaks, "more package")}`]),
  ].join("");
}

/** "libfoo1 was upgraded from 1 to 2" */
function changeText({ kind, name, before = "", after = "", role, relation }: CausingChange): string {
  const done = doneWords[kind](name, before, after);
  switch (role) {
    case "needs":
      return `${done}${kind === "added" ? "" : ` and now needs ${relation}`}`;
    case "offered":
      return kind === "removed" || kind === "version-removed"
        ? done
        : `${done} and no longer meets ${relation}`;
    case "excludes":
    case "differs":
      return done;
  }
}

const doneWords: Readonly<
  Record<CausingChange["kind"], (name: string, before: string, after: string) => string>
> = {
  added: (name, _before, after) => `${name} ${after} was added`,
  removed: (name, before) => `${name} ${before} was removed`,
  "version-added": (name, _before, after) => `${name} ${after} was added`,
  "version-removed": (name, before) => `${name} ${before} was removed`,
  upgraded: (name, before, after) => `${name} was upgraded from ${before} to ${after}`,
  downgraded: (name, before, after) => `${name} was downgraded from ${before} to ${after}`,
  rebuilt: (name, before, after) => `${name} ${before} was rebuilt as ${after}`,
  "changed-bytes": (name, before) => `${name} ${before} has other contents`,
  moved: (name, before) => `${name} ${before} was moved`,
};
