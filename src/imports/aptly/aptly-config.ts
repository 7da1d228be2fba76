import type { Remarks } from "../drafts/remarks.ts";

/** What of aptly's own configuration matters to a mirror. */
export interface AptlyConfig {
  readonly maxConns?: number | undefined;
  readonly architectures?: readonly string[] | undefined;
  readonly gpgDisableVerify?: boolean | undefined;
}

/** True for ~/.aptly.conf or /etc/aptly.conf, JSON or, since aptly 1.6, YAML. It names no mirrors. */
export const isAptlyConfig = (text: string): boolean =>
  /^\s*\{[^{}[\]]*"root_?dir"\s*:/i.test(text.slice(0, headMax)) ||
  /^["']?root_?dir["']?\s*:/im.test(text.slice(0, headMax));

const headMax = 4096;

/** Reads the keys that matter to a mirror. */
export function readAptlyConfig(text: string, file: string, remarks: Remarks): AptlyConfig {
  let config: AptlyConfig = {};
  for (const [name, value] of topValues(text)) {
    const key = name.replaceAll("_", "").toLowerCase();
    const place = { file, line: lineOf(text, name) };
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (key.endsWith("publishendpoints") && !isEmpty(value)) {
      const means = "not needed: a web server serves dir, and other tools can copy it elsewhere";
      remarks.add("changed", place, name, means);
    } else if (read !== undefined) {
      const { found = {}, kind, means } = read(String(value));
      config = { ...config, ...found };
      remarks.add(kind, place, `${name}: ${String(value)}`, means);
    }
  }
  return config;
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" ? Object.keys(Object(value)).length === 0 : value === "{}";

function lineOf(text: string, name: string): number {
  const lines = text.split("\n");
  return (
    Math.max(
      lines.findIndex((line) => new RegExp(`^[\\s{]*["']?${name}["']?\\s*:`).test(line)),
      0,
    ) + 1
  );
}

/** Of YAML, only keys at the start of a line are read, with a value behind them or a list below. */
function topValues(text: string): ReadonlyMap<string, unknown> {
  try {
    return new Map(Object.entries(Object(JSON.parse(text))).filter(([name]) => /^\w+$/.test(name)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const values = new Map<string, unknown>();
  let last = "";
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^["']?([A-Za-z]\w*)["']?\s*:(?:\s+(.*))?$/.exec(line) ?? [];
    if (name !== undefined) values.set((last = name), plain(value ?? ""));
    const [, item] = /^\s*-\s+(.*)$/.exec(line) ?? [];
    if (item !== undefined && last !== "") values.set(last, `${String(values.get(last))} ${plain(item)}`);
    else if (name === undefined && /^\s+\w/.test(line) && values.get(last) === "") values.set(last, "a map");
  }
  return values;
}

/** Without quotes, or a comment behind it. */
function plain(value: string): string {
  const [, quoted] =
    /^\s*(?:"([^"]*)"|'([^']*)')/.exec(value)?.filter((one: string | undefined) => one !== undefined) ?? [];
  return quoted ?? value.replace(/(?:^|\s)#.*$/, "").trim();
}

interface Reading {
  readonly found?: AptlyConfig;
  readonly kind: "imported" | "changed" | "dropped";
  readonly means: string;
}

const readers: Readonly<Record<string, (value: string) => Reading>> = {
  rootdir: (value) => ({
    kind: "changed",
    means: `mirrorctl keeps its own tree in dir, and leaves that of aptly alone; its files are in ${value}/pool`,
  }),
  downloadconcurrency(value) {
    const count = Number.parseInt(value, 10);
    if (!Number.isSafeInteger(count) || count < 1)
      return { kind: "dropped", means: "not a number of connections" };
    return {
      found: { maxConns: count },
      kind: "imported",
      means: `max_conns = ${count}: connections to one upstream at a time`,
    };
  },
  downloadspeedlimit: (value) =>
    value === "0"
      ? { kind: "changed", means: "not needed: no limit is set" }
      : { kind: "dropped", means: "there is no limit of the rate" },
  architectures(value) {
    const architectures = value.match(/[\w-]+/g) ?? [];
    return architectures.length === 0
      ? { kind: "changed", means: "not needed: each mirror has its own" }
      : {
          found: { architectures },
          kind: "imported",
          means: "architectures of mirrors that have none of their own",
        };
  },
  gpgdisableverify: (value) =>
    value === "true"
      ? {
          found: { gpgDisableVerify: true },
          kind: "imported",
          means: "no_pgp_check = true, which each run warns of",
        }
      : { kind: "changed", means: "not needed: signatures are checked" },
};
