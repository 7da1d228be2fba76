import type { VersionAnswer } from "./schemas/version.ts";

export const versionJson = ({ version, commit, time }: VersionAnswer): VersionAnswer => ({
  version,
  commit,
  time,
});
