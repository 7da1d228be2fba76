import { isDeepStrictEqual } from "node:util";
import type { Cause, ChainLink, PackageId } from "../../installability/index.ts";

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
  return `${pair.join(" and ")} exclude each other: ${clashText(cause)}`;
}

function clashText({ declared }: Extract<Cause, { readonly kind: "conflict" }>): string {
  if (declared === undefined) return "a machine has one version of a package";
  return `${packageText(declared.by)} conflicts with or breaks ${declared.relation}`;
}

/** Says the same, with one line for each step that leads there. */
export function causeLines(cause: Cause): readonly string[] {
  const lines = chainLines(cause.chain);
  if (cause.kind === "missing") return [...lines, `needs ${cause.relation}: no package is or provides it`];
  const { chain, otherChain } = cause;
  const forks = otherChain.findIndex((link, index) => !isDeepStrictEqual(link, chain[index]));
  const others = forks === -1 ? [] : otherChain.slice(forks);
  const otherLines = others.map((link, index) => {
    const before = otherChain[forks + index - 1];
    return before === undefined
      ? `beside ${packageText(link)}`
      : `${packageText(before)} also needs ${link.relation}: ${packageText(link)}`;
  });
  return [...lines, ...otherLines, `but ${clashText(cause)}`];
}

const chainLines = (chain: readonly ChainLink[]): readonly string[] =>
  chain.map((link, index) =>
    index === 0 ? packageText(link) : `needs ${link.relation}: ${packageText(link)}`,
  );

export const searchTooLong = "the search took too long";
