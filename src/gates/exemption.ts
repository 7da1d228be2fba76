import { matchesGlob } from "node:path";

/** What a cooldown does not hold back. */
export type Exemption =
  /** Every package of the mirrors whose id matches. */
  | { readonly kind: "mirror"; readonly glob: string }
  /** The packages of the sources whose name matches. */
  | { readonly kind: "source"; readonly glob: string }
  /** The packages of sources whose changelog names a CVE since the version in production. */
  | { readonly kind: "fixes-cve" };

/** Reads an exemption as the configuration has it; undefined for any other text. */
export function parseExemption(text: string): Exemption | undefined {
  if (text === "fixes:cve") return { kind: "fixes-cve" };
  const [, kind, glob] = /^(mirror|source):([a-z0-9*?][a-z0-9.+_*?-]*)$/.exec(text) ?? [];
  return kind === undefined || glob === undefined ? undefined : { kind: kind as "mirror" | "source", glob };
}

export const isExempt = (exempt: readonly Exemption[], kind: "mirror" | "source", name: string): boolean =>
  exempt.some((one) => one.kind === kind && matchesGlob(name, one.glob));
