import { isDeepStrictEqual } from "node:util";
import { type SignedBy, type SourceEntry, switchOf, valuesOf } from "../../apt-sources/index.ts";
import type { MirrorDraft } from "../../config/index.ts";
import type { InitNote } from "../../report/words/init-notes.ts";
import { mirrorIdOf } from "./mirror-id.ts";
import { notesOn } from "./options-left-out.ts";

/** A mirror of what clients read so far, and the keys that it needs. */
export interface SourcedMirror {
  readonly draft: MirrorDraft;
  readonly signedBy: SignedBy | undefined;
}

interface SourcedMirrors {
  readonly mirrors: readonly SourcedMirror[];
  readonly notes: readonly InitNote[];
}

/** Drafts a mirror for each group of entries that differ in nothing but their suites and types. */
export function mirrorsOfEntries(
  entries: readonly SourceEntry[],
  defaultArchitectures: readonly string[],
): SourcedMirrors {
  const enabled = entries.filter((entry) => entry.enabled);
  const notes = [
    ...entries.flatMap((entry) => (entry.enabled ? notesOn(entry) : [disabledNote(entry)])),
    ...enabled.filter((entry) => httpUris(entry).length === 0).map(otherMethodNote),
  ];
  const parts = enabled.flatMap((entry) => partsOf(entry, defaultArchitectures));
  const groups: Part[] = [];
  for (const part of parts) {
    const same = groups.findIndex((group) => isDeepStrictEqual(settingsOf(group), settingsOf(part)));
    const group = groups[same];
    if (group === undefined) groups.push(part);
    else groups[same] = merge(group, part);
  }
  const taken = new Set<string>();
  const mirrors = groups.map((group) => {
    const [uri = ""] = group.uris;
    const id = mirrorIdOf(uri, group.suites, taken);
    taken.add(id);
    return { draft: draftOf(id, group), signedBy: group.signedBy };
  });
  return { mirrors, notes };
}

/** An entry for one set of URIs, without variables. */
interface Part {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly signedBy: SignedBy | undefined;
  readonly flags: MirrorDraft["values"];
  readonly source: boolean;
}

/** Everything in which the entries of one mirror are alike. */
const settingsOf = ({ suites: _suites, source: _source, ...settings }: Part) => settings;

const merge = (one: Part, other: Part): Part => ({
  ...one,
  suites: [...new Set([...one.suites, ...other.suites])],
  source: one.source || other.source,
});

const httpUris = ({ uris }: SourceEntry): readonly string[] =>
  uris.filter((uri) => /^https?:\/\//i.test(uri) && URL.canParse(withArchitecture(uri, "amd64")));

/** $(ARCH) in a URI makes a mirror for each architecture, and in a path of a flat repository a suite for each. */
function partsOf(entry: SourceEntry, defaults: readonly string[]): readonly Part[] {
  const uris = httpUris(entry);
  if (uris.length === 0) return [];
  const architectures = valuesOf(entry, "Architectures", defaults).filter((name) => name !== "all");
  const shared = {
    sections: entry.components,
    signedBy: entry.signedBy,
    flags: flagsOf(entry),
    source: entry.types.includes("deb-src"),
  };
  const forThese = (names: readonly string[], of: readonly string[]): Part => ({
    ...shared,
    uris: of.map(withFinalSlash),
    suites: [...new Set(names.flatMap((name) => entry.suites.map((suite) => withArchitecture(suite, name))))],
    architectures: entry.components.length === 0 ? [] : names,
  });
  if (!uris.some((uri) => uri.includes(variable))) return [forThese(architectures, uris)];
  return architectures.map((name) =>
    forThese(
      [name],
      uris.map((uri) => withArchitecture(uri, name)),
    ),
  );
}

const variable = "$(ARCH)";

const withArchitecture = (text: string, name: string): string => text.replaceAll(variable, name);

const withFinalSlash = (uri: string): string => (uri.endsWith("/") ? uri : `${uri}/`);

/** What the entry accepts, a mirror must accept too. */
const flagsOf = (entry: SourceEntry): MirrorDraft["values"] => ({
  ...(switchOf(entry, "Check-Valid-Until") === false ? { allow_expired: true } : {}),
  ...(switchOf(entry, "Check-Date") === false ? { allow_future: true } : {}),
  ...(switchOf(entry, "Allow-Weak") === true ? { allow_weak: true } : {}),
  ...(valuesOf(entry, "Languages").join() === "none" ? { translations: false } : {}),
});

function draftOf(
  id: string,
  { uris, suites, sections, architectures, source, flags, signedBy }: Part,
): MirrorDraft {
  const [only] = uris;
  return {
    id,
    about: [],
    values: {
      url: uris.length === 1 && only !== undefined ? only : uris,
      suites,
      ...(sections.length === 0 ? {} : { sections, architectures }),
      ...(source ? { mirror_source: true } : {}),
      ...((signedBy?.fingerprints ?? []).length === 0 ? {} : { signed_by: signedBy?.fingerprints ?? [] }),
      ...flags,
    },
  };
}

const disabledNote = ({ line }: SourceEntry): InitNote => ({ kind: "entry-disabled", line });

const otherMethodNote = ({ line, uris }: SourceEntry): InitNote => ({
  kind: "method-unsupported",
  line,
  uris,
});
