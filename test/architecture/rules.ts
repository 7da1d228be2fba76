import type { Import, Module } from "./modules.ts";

/** Imports that are forbidden. `$1` in `to` and `unless` is the match of the first group of `from`. */
export interface Rule {
  readonly name: string;
  readonly because: string;
  readonly from: RegExp;
  readonly to: RegExp;
  /** Exceptions: allowed although `to` matches. */
  readonly unless?: RegExp;
  /** Types may be imported: the module shows values of these types and calls nothing. */
  readonly exceptTypes?: true;
}

const adapter = "upstream|store|found-files|snapshot|publish|history|clients|notify";
const pure =
  /^src\/(?:(?:apt-sources|repository|trust|plan|changes|changelogs|deb|gates|imports|installability|metrics|news)\/|(?:snapshot\/retention|history\/(?:details|entry)|snapshot-name|layout)\.ts$|history\/conclusions\/)/;

export const rules: readonly Rule[] = [
  {
    name: "pure-does-no-io",
    because: "code that decides from values can be tested without a disk, and a disk cannot mislead it",
    from: pure,
    to: /^node:|^src\/(?:platform|upstream|store|snapshot|publish|history|operations|app|cli|report|config)\/|^src\/(?:main|version)\.ts$/,
    unless: /^node:(?:path|buffer|crypto)$|^src\/history\/(?:(?:details|entry)\.ts$|conclusions\/)/,
  },
  {
    name: "pure-needs-no-package",
    because: "the meaning of APT's formats is written here; only OpenPGP is a library",
    from: pure,
    to: /^(?!src\/|node:)/,
    unless: /^openpgp$/,
  },
  {
    name: "openpgp-in-trust",
    because: "one folder decides whether a signature holds",
    from: /^src\/(?!trust\/)/,
    to: /^openpgp$/,
  },
  {
    name: "repository-alone",
    because: "the formats of a repository depend neither on trust nor on a selection",
    from: /^src\/repository\//,
    to: /^src\/(?!repository\/|errors\.ts$)/,
  },
  {
    name: "installability-alone",
    because: "what can be installed follows from packages, whichever tree, index or mirror they come from",
    from: /^src\/installability\//,
    to: /^src\/(?!installability\/|repository\/)/,
  },
  {
    name: "changes-alone",
    because: "how two lists of packages differ depends neither on trees nor on what they are compared for",
    from: /^src\/changes\//,
    to: /^src\/(?!changes\/|repository\/)/,
  },
  {
    name: "changelogs-alone",
    because: "what a changelog says does not depend on where it was found",
    from: /^src\/changelogs\//,
    to: /^src\/(?!changelogs\/|repository\/)/,
  },
  {
    name: "apt-sources-alone",
    because: "what a line of sources.list means does not depend on what a mirror makes of it",
    from: /^src\/apt-sources\//,
    to: /^src\/(?!apt-sources\/|repository\/)/,
  },
  {
    name: "deb-alone",
    because: "a .deb is read in the same way whatever is looked for in it",
    from: /^src\/deb\//,
    to: /^src\/(?!deb\/|repository\/|errors\.ts$)/,
  },
  {
    name: "imports-alone",
    because:
      "what a foreign configuration says does not depend on what mirrorctl makes of it; it is read and not run",
    from: /^src\/imports\//,
    to: /^src\/(?!imports\/|apt-sources\/|errors\.ts$)/,
  },
  {
    name: "news-alone",
    because: "what is news follows from two states, not from who looks at a mirror, or who hears of it",
    from: /^src\/news\//,
    to: /^src\/(?!news\/)/,
  },
  {
    name: "trust-and-plan-apart",
    because: "whether a file is trusted does not depend on who wants it",
    from: /^src\/(trust|plan)\//,
    to: /^src\/(?!$1\/)(?:trust|plan)\//,
  },
  {
    name: "contents-reads-what-it-is-handed",
    because: "a tree is read in the same way on a disk and in a bucket, no matter who trusts its Releases",
    from: /^src\/contents\/(?!tree-on-disk\.ts$)/,
    to: /^node:|^src\/(?:platform|upstream|store|snapshot|publish|history|operations|cli|report|config)\/|^src\/(?:app|main)\.ts$/,
    unless: /^node:path$|^src\/platform\/running-digests\.ts$/,
  },
  {
    name: "adapters-apart",
    because: "an adapter speaks to the outside world; only operations connect two of them",
    from: new RegExp(`^src/(${adapter})/`),
    to: new RegExp(`^src/(?!$1/)(?:${adapter})/`),
    unless: /^src\/snapshot\/index\.ts$/, // for publish, see below
  },
  {
    name: "only-publish-reads-trees-of-another-adapter",
    because: "what is shown is a tree: its publisher walks it, and records the files that it keeps beside it",
    from: new RegExp(`^src/(?!publish/|snapshot/)(?:${adapter})/`),
    to: /^src\/snapshot\//,
  },
  {
    name: "adapters-below-operations",
    because: "an adapter knows no verb, no flag and no configuration; it may write a size in words",
    from: new RegExp(`^src/(?:${adapter}|platform)/`),
    to: /^src\/(?:(?:operations|app|cli|config|report)\/|main\.ts$)/,
    unless: /^src\/report\/(?:events|units)\.ts$/,
  },
  {
    name: "platform-below-adapters",
    because: "wrappers of Node do not know mirrors",
    from: /^src\/platform\//,
    to: new RegExp(`^src/(?:${adapter})/`),
  },
  {
    name: "config-below-operations",
    because: "what is configured does not depend on what is done",
    from: /^src\/config\//,
    to: new RegExp(`^src/(?:(?:operations|app|cli|${adapter})/|main\\.ts$)`),
  },
  {
    name: "report-below-operations",
    because: "what reports results calls nothing that makes them",
    from: /^src\/report\//,
    to: new RegExp(`^src/(?:(?:operations|app|cli|${adapter})/|main\\.ts$)`),
    exceptTypes: true,
  },
  {
    name: "operations-below-shells",
    because: "a verb is the same from a terminal, a timer or a page",
    from: /^src\/operations\//,
    to: /^src\/(?:(?:app|cli)\/|main\.ts$)/,
  },
  {
    name: "cli-is-a-shell",
    because: "a command turns flags into a verb of a run and its result into text; it decides nothing itself",
    from: /^src\/cli\//,
    to: new RegExp(
      `^src/(?:(?:${adapter}|operations|platform|apt-sources|repository|trust|plan|changes|changelogs|deb|installability)/|(?:main|layout)\\.ts$)`,
    ),
    exceptTypes: true,
  },
  {
    name: "cli-session-alone-composes",
    because: "one place of the command line reads the configuration and makes the app",
    from: /^src\/cli\/(?!session\.ts$)/,
    to: /^src\/app\//,
    exceptTypes: true,
  },
  {
    name: "app-composes-once",
    because: "one place constructs; everything else gets what it uses as arguments",
    from: /^src\/(?!app\/|cli\/)/,
    to: /^src\/app\//,
  },
  {
    name: "nothing-below-main",
    because: "importing main.ts would run the program",
    from: /^src\//,
    to: /^src\/main\.ts$/,
  },
  {
    name: "only-platform-touches-the-disk",
    because: "every change on disk goes through a few durable functions",
    from: /^src\/(?!platform\/)/,
    to: /^node:(?:fs|child_process|sqlite)(?:\/|$)/,
    unless: /^node:sqlite$/, // for history, see below
  },
  {
    name: "only-history-and-locks-use-sqlite",
    because:
      "the record of what was done is the one thing that the trees do not tell; all other state is files",
    from: /^src\/(?!history\/file\/(?:history|migrations)\.ts$|platform\/locks\/lock\.ts$)/,
    to: /^node:sqlite$/,
  },
  {
    name: "only-upstream-uses-the-network",
    because: "one folder handles limits, proxies, TLS and credentials",
    from: /^src\/(?!upstream\/)/,
    to: /^(?:node:(?:net|tls|http|https|http2|dns|dgram)(?:\/|$)|undici$)/,
  },
  {
    name: "no-ambient-process",
    because: "main.ts passes in environment, arguments, clock and output",
    from: /^src\//,
    to: /^node:(?:process|console|cluster)$/,
  },
  {
    name: "only-what-reads-files-uses-threads",
    because: "everything else is fast enough on one thread, where no two things happen at once",
    from: /^src\/(?!platform\/(?:hashing|threads)\/|store\/(?:keeping|taking)\/)/,
    to: /^node:worker_threads$/,
  },
  {
    name: "only-cli-parses-flags",
    because: "a verb takes options, not arguments",
    from: /^src\/(?!cli\/)/,
    to: /^commander$/,
  },
  {
    name: "through-the-door",
    because: "index.ts says what a folder offers; all else in it may change",
    from: /^src\/(?:([^/]+)\/)?/,
    to: /^src\/(?!$1\/)[^/]+\//,
    // platform and report are collections of single files; operations is divided again, see below.
    unless: /^src\/(?:[^/]+\/index\.ts$|platform\/|report\/|operations\/)/,
  },
  {
    name: "through-the-door-of-a-verb",
    because:
      "a verb offers what its index.ts says; only the single files of operations are shared by all verbs",
    from: /^src\/(?:operations\/([^/]+)\/)?/,
    to: /^src\/operations\/(?!$1\/)[^/]+\//,
    unless: /^src\/operations\/[^/]+\/index\.ts$/,
  },
  {
    name: "no-test-support-in-the-program",
    because: "what tests use is not built for production",
    from: /^src\//,
    to: /\.(?:test|fixture|cases)\.ts$|\/test-support\.ts$|^(?:test|scripts)\//,
  },
];

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export function findViolations(modules: readonly Module[], checked: readonly Rule[]): readonly Violation[] {
  return checked.flatMap((rule) =>
    modules.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => breaks(rule, path, imported))
        .map(({ to }) => ({ rule: rule.name, from: path, to })),
    ),
  );
}

function breaks(rule: Rule, from: string, { to, typeOnly }: Import): boolean {
  const match = rule.from.exec(from);
  if (match === null || (typeOnly && rule.exceptTypes === true)) return false;
  const forbidden = new RegExp(rule.to.source.replaceAll("$1", match[1] ?? "(?!)"));
  return forbidden.test(to) && rule.unless?.test(to) !== true;
}

/** Returns the modules of one cycle of imports, with the first repeated at the end, or undefined if there is none. */
export function findCycle(modules: readonly Module[]): readonly string[] | undefined {
  const importsOfPath = new Map(modules.map(({ path, imports }) => [path, imports.map(({ to }) => to)]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of importsOfPath.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of modules) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
