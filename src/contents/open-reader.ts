import { PackagesReader, SourcesReader } from "../repository/index.ts";
import type { HeldIndex } from "./held-index.ts";

export type PackageListReader = PackagesReader | SourcesReader;

/** Returns a reader of the packages of an index; undefined for an index of anything else. */
export function openReader(
  { name, wanted: { kind } }: HeldIndex,
  options: { readonly allowWeak: boolean },
): PackageListReader | undefined {
  if (kind === "packages") return new PackagesReader(name, options);
  return kind === "sources" ? new SourcesReader(name, options) : undefined;
}
