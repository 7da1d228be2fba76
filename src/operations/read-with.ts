import { build } from "../version.ts";

/** Returns what indices are read with: another version or another selection may make other files of the same bytes. */
export const readWith = ({ selection }: { readonly selection: string }): string =>
  JSON.stringify([build.version, build.commit, selection]);

/** True for what indices were read with by this version, under whatever selection. */
export const isOfThisVersion = (text: string): boolean =>
  text.startsWith(`${JSON.stringify([build.version, build.commit]).slice(0, -1)},`);
