import type { HeldIndex } from "../../contents/index.ts";

/** True for packages that machines install: not those of the installer. */
export const isForMachines = ({ wanted }: HeldIndex): boolean =>
  wanted.kind === "packages" && wanted.section?.endsWith("/debian-installer") !== true;
