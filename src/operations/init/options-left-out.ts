import { type SourceEntry, switchOf, valuesOf } from "../../apt-sources/index.ts";
import type { InitNote } from "../../report/words/init-notes.ts";

/** Options that a mirror follows; see `flagsOf` and the architectures. */
const followed = ["Architectures", "Check-Valid-Until", "Check-Date", "Allow-Weak"];

/** Names what of an entry has no meaning for a mirror, or is not taken over. */
export function notesOn(entry: SourceEntry): readonly InitNote[] {
  const { line, options, uris } = entry;
  const isUntranslated = valuesOf(entry, "Languages").join() === "none";
  const left = options.filter(
    ({ name }) => !followed.includes(name) && !(name === "Languages" && isUntranslated),
  );
  return [
    ...left.flatMap(({ name }): InitNote[] => {
      if (name === "Trusted" || name === "Allow-Insecure")
        return switchOf(entry, name) === true ? [{ kind: "trust-left-out", line, option: name }] : [];
      return [{ kind: "option-left-out", line, option: name }];
    }),
    ...(entry.signedBy === undefined ? [{ kind: "keys-unnamed", line } as const] : []),
    ...(uris.length > 1 ? [{ kind: "several-urls", line } as const] : []),
  ];
}
