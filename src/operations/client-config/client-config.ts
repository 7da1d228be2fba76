import { relative, sep } from "node:path";
import { formatLines, formatStanza, type SourceEntry } from "../../apt-sources/index.ts";
import { ConfigError } from "../../config/index.ts";
import type { SuiteContents } from "../../contents/index.ts";
import type { ClientNote } from "../../report/words/client-notes.ts";
import { SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { type FoundTree, findTree, openFoundTree } from "../trees/index.ts";
import { type ClientKeys, clientKeys, type KeyPorts } from "./client-keys.ts";
import { clientSources } from "./client-sources.ts";
import { preferencesFor } from "./preferences.ts";

export interface ClientConfigOptions {
  /** Production, staging, or a snapshot by its name. */
  readonly of: { readonly link: "production" | "staging" } | { readonly snapshot: string };
  readonly format: "deb822" | "one-line";
  /** The URL of `dir`, in place of that of the configuration; it ends in "/". */
  readonly baseUrl: string | undefined;
}

/** A file to make on each client. */
export interface ClientFile {
  readonly path: string;
  readonly purpose: "sources" | "key" | "preferences" | "phased-updates";
  readonly content: string;
}

export interface ClientConfig {
  readonly mirror: string;
  /** The tree that the files were made for. */
  readonly snapshot: string;
  readonly url: string;
  readonly files: readonly ClientFile[];
  readonly notes: readonly ClientNote[];
}

export type ClientConfigPorts = KeyPorts &
  Ports<"publisher" | "working" | "history" | "layout" | "signal" | "decoderCommands">;

/** Returns what clients of a mirror need: sources, keys, and settings for what the mirror has otherwise than its upstream. */
export async function clientConfig(
  ports: ClientConfigPorts,
  options: ClientConfigOptions,
): Promise<ClientConfig> {
  const { mirror } = ports;
  const tree = await findTree(ports, "link" in options.of ? options.of.link : options.of.snapshot, {
    verb: "read",
    hint: hintFor(ports, options.of),
  });
  const { contents, reading } = openFoundTree(ports, tree);
  const { uri, notes } = await placeOf(ports, tree, options);
  const isStanza = options.format === "deb822";
  const keys = await clientKeys(ports, tree, { mayBeInline: isStanza });
  const terms = { kinds: tree.facts?.kinds ?? mirror.kinds, allow: mirror.allow };
  const entries = clientSources(contents.suites, terms, { uri, signedBy: keys?.signedBy });
  const preferences = await preferencesFor(contents, reading);
  tree.assertUnchanged();
  return {
    mirror: mirror.id,
    snapshot: tree.name,
    url: uri,
    files: [
      sourcesFile(mirror.id, entries, isStanza),
      ...keyFile(keys),
      ...(preferences === undefined ? [] : [preferencesFile(mirror.id, preferences)]),
      ...(contents.suites.some(isPhased) ? [phasedUpdatesFile] : []),
    ],
    notes: [...notes, ...(keys === undefined ? [{ kind: "keys-unknown" } as const] : [])],
  };
}

function hintFor({ mirror: { id }, working }: ClientConfigPorts, of: ClientConfigOptions["of"]): string {
  if (working.current() === undefined) return `Sync it first: mirrorctl sync ${id}`;
  if ("link" in of && of.link === "staging")
    return `Sync it, and stage a snapshot: mirrorctl snapshot stage ${id} NAME`;
  return `Promote what is in staging: mirrorctl snapshot promote ${id}\nOr describe staging for test machines: mirrorctl client-config ${id} --staging`;
}

interface Place {
  readonly uri: string;
  readonly notes: readonly ClientNote[];
}

/** Returns where clients see a tree. A snapshot that staging or production shows has their URL. */
async function placeOf(
  { mirror, publisher, layout }: ClientConfigPorts,
  tree: FoundTree,
  { of, baseUrl = mirror.publish.baseUrl }: ClientConfigOptions,
): Promise<Place> {
  if (baseUrl === undefined) throw noBaseUrl(layout.dir);
  const uriOf = (link: "production" | "staging"): string =>
    baseUrl + encodePath(`${mirror.id}/${mirror.publish[link]}`);
  if ("link" in of) return { uri: uriOf(of.link), notes: [] };
  for (const link of ["production", "staging"] as const) {
    const shown = await publisher.read(link);
    if (shown.kind === "snapshot" && shown.name === tree.name)
      return { uri: uriOf(link), notes: [{ kind: "link-moves", link: mirror.publish[link] }] };
  }
  const below = relative(layout.dir, tree.path);
  if (below === "" || below.startsWith(`..${sep}`))
    throw new SnapshotError(
      "NOT_SERVED",
      `snapshot ${tree.name} of ${mirror.id} is not below ${layout.dir}`,
      {
        facts: { path: tree.path },
        hint: `Clients see what staging shows: mirrorctl snapshot stage ${mirror.id} ${tree.name}`,
      },
    );
  const isHidden = below.split(sep).some((name) => name.startsWith("."));
  return {
    uri: baseUrl + encodePath(below),
    notes: isHidden ? [{ kind: "snapshot-hidden", path: below }] : [],
  };
}

/** Directories may have names with blanks, at which apt would end the URI. */
const encodePath = (path: string): string => encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent);

const noBaseUrl = (dir: string): ConfigError =>
  new ConfigError("BASE_URL_UNKNOWN", `the URL at which clients see ${dir} is not known`, {
    facts: { dir },
    hint: `A web server has to show ${dir} as plain files, links included. Then write its URL into the configuration:\n[publish]\nbase_url = "http://apt.example.org/"\nOr give it with --base-url.`,
  });

function sourcesFile(id: string, entries: readonly SourceEntry[], isStanza: boolean): ClientFile {
  const content = isStanza ? entries.map(formatStanza).join("\n") : entries.map(formatLines).join("");
  return {
    path: `/etc/apt/sources.list.d/${id}.${isStanza ? "sources" : "list"}`,
    purpose: "sources",
    content,
  };
}

const keyFile = (keys: ClientKeys | undefined): readonly ClientFile[] =>
  keys?.file === undefined ? [] : [{ ...keys.file, purpose: "key" }];

const preferencesFile = (id: string, content: string): ClientFile => ({
  path: `/etc/apt/preferences.d/mirrorctl-${id}`,
  purpose: "preferences",
  content,
});

/** Ubuntu gives an update to some machines first, each of which chooses by itself. */
const isPhased = ({ release }: SuiteContents): boolean => release.origin === "Ubuntu";

const phasedUpdatesFile: ClientFile = {
  path: "/etc/apt/apt.conf.d/90mirrorctl-phased-updates",
  purpose: "phased-updates",
  content: `// Every machine gets what was promoted. Otherwise apt holds new updates of Ubuntu back on some of them.
APT::Get::Always-Include-Phased-Updates "true";
Update-Manager::Always-Include-Phased-Updates "true";
`,
};
