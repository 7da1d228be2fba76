import type { FuzzTarget } from "../engine/target.ts";

/** Loaded one by one, because a campaign pays for every module. */
const targets = {
  inrelease: async () => (await import("./inrelease.ts")).inrelease,
  armor: async () => (await import("./armor.ts")).armor,
  signature: async () => (await import("./signature.ts")).signature,
  keyring: async () => (await import("./keyring.ts")).keyring,
  release: async () => (await import("./release.ts")).release,
  dates: async () => (await import("./dates.ts")).dates,
  stanzas: async () => (await import("./stanzas.ts")).stanzas,
  packages: async () => (await import("./packages.ts")).packages,
  sources: async () => (await import("./sources.ts")).sources,
  versions: async () => (await import("./versions.ts")).versions,
  paths: async () => (await import("./paths.ts")).paths,
  sha256sums: async () => (await import("./sha256sums.ts")).sha256sums,
  decompress: async () => (await import("./decompress.ts")).decompress,
  changelogs: async () => (await import("./changelogs.ts")).changelogs,
  tar: async () => (await import("./tar.ts")).tar,
  "answer-lines": async () => (await import("./answer-lines.ts")).answerLines,
  "response-headers": async () => (await import("./response-headers.ts")).responseHeaders,
  "auth-conf": async () => (await import("./auth-conf.ts")).authConf,
  "apt-sources": async () => (await import("./apt-sources.ts")).aptSources,
  imports: async () => (await import("./imports.ts")).imports,
  config: async () => (await import("./config.ts")).config,
} satisfies Record<string, () => Promise<FuzzTarget>>;

export type TargetName = keyof typeof targets;

/** Matches the URLs of the modules whose coverage leads a campaign: the program, without test supports. */
export const programModules = /\/src\/(?!.*\/test-support\.ts$).*\.ts$/;

/** Streams continue for a moment after they failed, which would count for the next input, differently each time. */
const ledByOutcomesAlone = new Set(["decompress"]);

export function ledModulesOf(name: string): RegExp {
  return ledByOutcomesAlone.has(name) ? /(?!)/ : programModules;
}

export const targetNames: readonly string[] = Object.keys(targets);

export async function findTarget(name: string): Promise<FuzzTarget> {
  const load = new Map(Object.entries(targets)).get(name);
  if (load === undefined) throw new RangeError(`no target "${name}"; there are ${targetNames.join(", ")}`);
  return await load();
}
