import type { Cause, ChainLink, MachineReport, PackageId } from "../../operations/installable/index.ts";

/** "hello 2.10-3" */
const packageText = ({ name, version }: PackageId): string => `${name} ${version}`;

/** Says in one line why something cannot be installed. */
export function causeText(cause: Cause): string {
  const last = cause.chain.at(-1);
  if (cause.kind === "missing")
    return last === undefined
      ? `no package is or provides ${cause.relation}`
      : `${packageText(last)} needs ${cause.relation}, which no package is or provides`;
  const pair = [last, cause.otherChain.at(-1)].flatMap((one) => one ?? []).map(packageText);
  return `${pair.join(" and ")} exclude each other${declaredText(cause)}`;
}

function declaredText({ declared }: Extract<Cause, { readonly kind: "conflict" }>): string {
  if (declared === undefined) return ": a machine has one version of a package";
  return `: ${packageText(declared.by)} conflicts with or breaks ${declared.relation}`;
}

/** Says the same, with one line for each step that leads there. */
export function causeLines(cause: Cause): readonly string[] {
  if (cause.kind === "missing") {
    const { relation } = cause;
    return [...chainLines(cause.chain), `needs ${relation}: no package is or provides it`];
  }
  const other = chainLines(cause.otherChain);
  return [...chainLines(cause.chain), `excludes ${other.join(", ")}${declaredText(cause)}`];
}

const chainLines = (chain: readonly ChainLink[]): readonly string[] =>
  chain.map((link, index) =>
    index === 0 ? packageText(link) : `needs ${link.relation}: ${packageText(link)}`,
  );

export const searchTooLong = "the search took too long";

/** Says in one line what machines of one kind can install. */
export function machineText({
  architecture,
  checked,
  uninstallable,
  undetermined,
  together,
}: MachineReport): string {
  if (together !== undefined) return `${architecture}: ${togetherWords[together.result]}`;
  const found = [
    `${checked - uninstallable.length - undetermined.length} of ${checked} packages can be installed`,
    ...(undetermined.length === 0 ? [] : [`for ${undetermined.length} ${searchTooLong}`]),
  ];
  return `${architecture}: ${found.join("; ")}`;
}

const togetherWords = {
  installable: "these can be installed together",
  uninstallable: "these cannot be installed together",
  undetermined: `whether these can be installed together is unknown: ${searchTooLong}`,
} as const;
