import type { MissingKey, NeededKeys, SuiteSigners } from "../../operations/keys/index.ts";
import { codeOf, describeError } from "../../report/errors.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { shellWord } from "../../report/words/shell.ts";

type SignedSuite = Extract<SuiteSigners, { kind: "signed" }>;

/** A sync would accept the signatures of every suite. */
export const isSatisfied = ({ suites }: NeededKeys): boolean =>
  suites.every((suite) => suite.kind === "signed" && suite.refusal === undefined);

export function neededText(needed: NeededKeys, columns: number | undefined): string {
  const signed = needed.suites.filter((suite) => suite.kind === "signed");
  const table = formatTable(head, signed.flatMap(rowsOf), columns);
  return [...(signed.length === 0 ? [] : [table]), ...explanations(needed, signed)].join("\n");
}

const head = [
  "SUITE",
  { title: "FILE", importance: 1 },
  "SIGNED BY",
  "KEY IS",
  { title: "KEY FILE", cutTo: 20 },
];

const stateWords = {
  good: "configured",
  missing: "missing",
  "not-allowed": "not in signed_by",
  refused: "refused",
  bad: "configured, signature bad",
} as const;

const rowsOf = ({ suite, file, signatures }: SignedSuite): readonly (readonly string[])[] =>
  signatures.map(({ fingerprint, keyId, state, fileName }) => [
    suite,
    file,
    fingerprint ?? keyId,
    stateWords[state],
    fileName ?? "-",
  ]);

function explanations(needed: NeededKeys, signed: readonly SignedSuite[]): readonly string[] {
  const unchecked = needed.pgpCheck
    ? []
    : ["no_pgp_check is set: a sync of this mirror checks no signature, whatever keys there are.\n"];
  if (isSatisfied(needed)) {
    const rest =
      needed.missing.length === 0 ? "" : " One good signature is enough: the missing keys are not needed.";
    return [`Every suite is signed by a configured key.${rest}\n`, ...unchecked];
  }
  const refused = signed.filter(({ refusal }) => refusal !== undefined);
  const unknown = refused.filter(({ refusal }) => codeOf(refusal) === "trust/SIGNER_UNKNOWN");
  const others = refused.filter((suite) => !unknown.includes(suite));
  const isAnyMissing = unknown.some(({ signatures }) => signatures.some(({ state }) => state === "missing"));
  return [
    ...unchecked,
    ...others.map(refusalText),
    ...unknown
      .filter(({ signatures }) => !signatures.some(({ state }) => state === "missing"))
      .map(refusalText),
    ...(isAnyMissing ? [missingText(needed.missing, unknown, needed.mirror)] : []),
  ];
}

function refusalText({ suite, refusal }: SignedSuite): string {
  const { message, below } = describeError(refusal, false);
  return [`${suite}: ${message}`, ...below.map((line) => `  ${line}`), ""].map(escapeControls).join("\n");
}

/** Does not name a keyserver: anyone may upload a key with any name to one. */
function missingText(missing: readonly MissingKey[], suites: readonly SignedSuite[], mirror: string): string {
  const names = suites.map(({ suite }) => suite).join(", ");
  const places = missing.flatMap(placeLines);
  const isKnown = missing.some(
    ({ foundIn, keyringPackage }) => foundIn.length > 0 || keyringPackage !== undefined,
  );
  return `${[
    `No configured key signed ${names}. One of these keys is needed for each:`,
    ...places,
    "",
    ...(isKnown ? [] : howToFind),
    `Then name the file in pgp_key_path of [mirrors.${mirror}], and run this command again.`,
  ].join("\n")}\n`;
}

function placeLines({ fingerprint, keyId, foundIn, keyringPackage }: MissingKey): readonly string[] {
  const places = [
    ...foundIn.map((path) => `this machine has it: ${shellWord(path)}`),
    ...(keyringPackage === undefined || foundIn.includes(keyringPackage.path)
      ? []
      : [`the package ${keyringPackage.name} has it: ${keyringPackage.path}`]),
  ];
  const shown = places.length === 0 ? ["no key file of this machine has it"] : places;
  return [`  ${fingerprint ?? keyId}`, ...shown.map((place) => `    ${place}`)];
}

const howToFind = [
  "1. Get the key from its vendor: the page that documents the repository, or the vendor's keyring package.",
  "2. mirrorctl key show FILE shows its fingerprint, or that of a subkey. It must be one of the above.",
  "3. Compare that fingerprint with a second source: other pages of the vendor, or a machine that uses the repository.",
  "   That the upstream is signed by it proves nothing, and a keyserver has keys under any name that anyone uploaded.",
];
