/** The options of sources.list(5): the name of the field in a stanza, and the word in a line. */
const optionWords = {
  Architectures: "arch",
  Languages: "lang",
  Targets: "target",
  PDiffs: "pdiffs",
  "By-Hash": "by-hash",
  "Allow-Insecure": "allow-insecure",
  "Allow-Weak": "allow-weak",
  "Allow-Downgrade-To-Insecure": "allow-downgrade-to-insecure",
  Trusted: "trusted",
  "Signed-By": "signed-by",
  "Check-Valid-Until": "check-valid-until",
  "Valid-Until-Min": "valid-until-min",
  "Valid-Until-Max": "valid-until-max",
  "Check-Date": "check-date",
  "Date-Max-Future": "date-max-future",
  "InRelease-Path": "inrelease-path",
  Snapshot: "snapshot",
  Include: "include",
  Exclude: "exclude",
} as const;

type OptionName = keyof typeof optionWords;

const lists: ReadonlySet<string> = new Set<OptionName>([
  "Architectures",
  "Languages",
  "Targets",
  "Include",
  "Exclude",
]);

export const isList = (name: string): boolean => lists.has(name);

const names = new Map<string, string>(
  Object.entries(optionWords).flatMap(([name, word]) => [
    [word, name],
    [name.toLowerCase(), name],
  ]),
);

/** Returns the name of an option that a line or a stanza calls `text`. One that apt does not know keeps its spelling. */
export const optionName = (text: string): string => names.get(text.toLowerCase()) ?? text;

/** Returns the word for an option in a line. An option that names a target, such as `Contents-deb`, is its own word. */
export const optionWord = (name: string): string =>
  new Map<string, string>(Object.entries(optionWords)).get(name) ?? name;
