export type SourceType = "deb" | "deb-src";

/** A line or a stanza of sources.list(5): apt reads each suite from each URI. */
export interface SourceEntry {
  /** The number of its first line, from 1. */
  readonly line: number;
  readonly enabled: boolean;
  readonly types: readonly SourceType[];
  /** As written: they may contain `$(ARCH)`, and be of any method of apt. */
  readonly uris: readonly string[];
  /** One that ends in "/" is a flat repository. They may contain `$(ARCH)`. */
  readonly suites: readonly string[];
  /** Empty if and only if the suites are flat. */
  readonly components: readonly string[];
  /** Undefined: every key that apt trusts. */
  readonly signedBy: SignedBy | undefined;
  /** All other options, each name and change once. */
  readonly options: readonly SourceOption[];
}

/** The keys that may sign. */
export interface SignedBy {
  readonly paths: readonly string[];
  /** In upper case, perhaps with "!" at the end: that key alone, without its subkeys. */
  readonly fingerprints: readonly string[];
  /** An armored key that is part of the stanza. */
  readonly key: string | undefined;
}

export interface SourceOption {
  /** The name of its field in a stanza, spelled as in sources.list(5) if that has it. */
  readonly name: string;
  /** "add" and "remove" change the default of the client. */
  readonly change: "set" | "add" | "remove";
  /** One value, unless the option is a list. */
  readonly values: readonly string[];
}

/** What keeps a line or a stanza from being read. */
export interface SourceProblem {
  readonly line: number;
  readonly problem: string;
}

/** Returns the values of an option, or of a list that starts from `defaults`. */
export function valuesOf(
  { options }: SourceEntry,
  name: string,
  defaults: readonly string[] = [],
): readonly string[] {
  const of = (change: SourceOption["change"]) =>
    options.find((option) => option.name === name && option.change === change)?.values;
  const removed = of("remove") ?? [];
  const all = [...(of("set") ?? defaults), ...(of("add") ?? [])];
  return [...new Set(all)].filter((value) => !removed.includes(value));
}

/** Returns whether an option is switched on or off; undefined if it is neither, such as `By-Hash: force`. */
export function switchOf(entry: SourceEntry, name: string): boolean | undefined {
  const [value] = valuesOf(entry, name);
  return value === undefined ? undefined : parseSwitch(value);
}

/** Reads a boolean in the words of apt (StringToBool). */
export function parseSwitch(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (["yes", "true", "on", "enable", "with", "1"].includes(word)) return true;
  return ["no", "false", "off", "disable", "without", "0"].includes(word) ? false : undefined;
}
