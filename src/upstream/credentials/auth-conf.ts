import { UpstreamError } from "../errors.ts";

/** One `machine` of a file in the format of apt_auth.conf(5), with its user and password. */
export interface MachineEntry {
  /** In lower case, without "://". Undefined means https only, so that no password is sent in clear by accident. */
  readonly scheme: string | undefined;
  /** As in URL.hostname. */
  readonly host: string;
  readonly port: string | undefined;
  /** Starts with "/", or is empty: a prefix of the path as it is sent. */
  readonly path: string;
  readonly login: string;
  readonly password: string;
  /** "<file>:<line>", for messages. */
  readonly source: string;
}

type Keyword = "machine" | "login" | "password";
type EntryDraft = Omit<MachineEntry, "login" | "password"> & { login?: string; password?: string };

/**
 * Reads tokens between any white space: `machine [scheme://]host[:port][/path] login USER password WORD`. Unknown
 * tokens are skipped, as apt does. A "#" where a keyword is expected starts a comment up to the end of the line; apt has no
 * comments, and takes an entry after "# ".
 * Throws AUTH_CONF_MALFORMED, which names file and line and never the text there.
 */
export function parseAuthConf(text: string, file: string): readonly MachineEntry[] {
  const drafts: EntryDraft[] = [];
  let pending: { readonly keyword: Keyword; readonly source: string } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    for (const token of line.split(/[ \t\r]+/).filter((part) => part !== "")) {
      if (pending !== undefined) {
        take(pending.keyword, token, pending.source, drafts);
        pending = undefined;
      } else if (token.startsWith("#")) break;
      else if (isKeyword(token)) pending = { keyword: token, source: `${file}:${index + 1}` };
    }
  }
  if (pending !== undefined) throw malformed(pending.source, `${pending.keyword} is followed by nothing`);
  return drafts.map(completed);
}

/** Returns the first entry for this URL. */
export function findEntry(url: URL, entries: readonly MachineEntry[]): MachineEntry | undefined {
  return entries.find((entry) => `${entry.scheme ?? "https"}:` === url.protocol && hasPlace(entry, url));
}

/** Returns the first entry that would be for this URL if it were requested by https. */
export function findEntryForHttps(url: URL, entries: readonly MachineEntry[]): MachineEntry | undefined {
  return entries.find((entry) => entry.scheme === undefined && hasPlace(entry, url));
}

/** An entry without a port is for every port, or, if it has a path, for the default port only, as for apt. */
function hasPlace({ host, port, path }: MachineEntry, url: URL): boolean {
  if (host !== url.hostname || !url.pathname.startsWith(path)) return false;
  if (port === undefined) return path === "" || url.port === "";
  return port === (url.port === "" ? usualPorts[url.protocol] : url.port);
}

const usualPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function isKeyword(token: string): token is Keyword {
  return token === "machine" || token === "login" || token === "password";
}

function take(keyword: Keyword, value: string, source: string, drafts: EntryDraft[]): void {
  if (keyword === "machine") {
    drafts.push(parseMachine(value, source));
    return;
  }
  const entry = drafts.at(-1);
  if (entry === undefined) throw malformed(source, `${keyword} comes before any machine`);
  entry[keyword] = value;
}

function parseMachine(text: string, source: string): EntryDraft {
  const [, scheme, address = "", port, path = ""] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^[\]:/]+|[\da-f:]+)(?::(\d+))?(\/.*)?$/i.exec(text) ?? [];
  // apt writes an IPv6 address without the brackets that it has in a URL.
  const host = address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
  // Node's URL.canParse accepts names that its URL refuses, far longer than a name may be (RFC 1035 2.3.4).
  const url = host.length > hostCharactersMax ? null : URL.parse(`http://${host}/`);
  if (url === null) throw malformed(source, "what follows machine is not [scheme://]host[:port][/path]");
  return { scheme: scheme?.toLowerCase(), host: url.hostname, port, path, source };
}

const hostCharactersMax = 255;

function completed(draft: EntryDraft): MachineEntry {
  const { login, password } = draft;
  if (login === undefined && password === undefined) {
    throw malformed(draft.source, "this machine has neither login nor password");
  }
  return { ...draft, login: login ?? "", password: password ?? "" };
}

function malformed(source: string, found: string): UpstreamError {
  return new UpstreamError("AUTH_CONF_MALFORMED", `${source}: ${found}`, {
    facts: { source },
    hint: "An entry reads: machine [scheme://]host[:port][/path] login USER password WORD. See apt_auth.conf(5).",
  });
}
