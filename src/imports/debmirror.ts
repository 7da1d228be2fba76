import { groupMirrors, withoutCredentials } from "./group-mirrors.ts";
import { type DraftMirror, type Imported, Remarks } from "./imported.ts";
import { readPerlSettings } from "./perl-settings.ts";

/** A setting of debmirror, by the name of its option. */
interface Setting {
  readonly name: string;
  readonly values: readonly string[];
  readonly line: number | undefined;
  readonly said: string;
}

/** Reads debmirror.conf of debmirror 2.37: Perl, of which only assignments of constants are understood. */
export function importDebmirrorFile(text: string, architecture: string): Imported {
  const { settings, notUnderstood } = readPerlSettings(text);
  const remarks = new Remarks();
  for (const { line, text: said } of notUnderstood)
    remarks.add("dropped", line, said, "not understood: only constants are read, and nothing is run");
  const named = settings.map(({ name, values, line }): Setting => {
    const option = Object.hasOwn(optionOfVariable, name) ? (optionOfVariable[name] ?? name) : name;
    return { name: option, values, line, said: `${name} = ${values.join(", ")}` };
  });
  return imported(named, architecture, remarks);
}

/** Reads the arguments of a command line of debmirror. */
export function importDebmirrorArguments(args: readonly string[], architecture: string): Imported {
  const remarks = new Remarks();
  const settings: Setting[] = [];
  for (let at = 0; at < args.length; at++) {
    const said = args[at] ?? "";
    const [, name, value] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(said) ?? [];
    if (name === undefined) {
      settings.push({ name: "mirrordir", values: [said], line: undefined, said });
      continue;
    }
    const option = Object.hasOwn(shortOptions, name) ? (shortOptions[name] ?? name) : name;
    const follows = value === undefined && valued.has(option) ? args[++at] : undefined;
    const given = value ?? follows;
    settings.push({
      name: option,
      values: given === undefined ? [] : [given],
      line: undefined,
      said: follows === undefined ? said : `${said} ${follows}`,
    });
  }
  return imported(settings, architecture, remarks);
}

/** The variables whose names are not those of their options. */
const optionOfVariable: Readonly<Record<string, string>> = {
  dists: "dist",
  sections: "section",
  arches: "arch",
  remoteroot: "root",
  download_method: "method",
  includes: "include",
  excludes: "exclude",
  excludes_deb_section: "exclude-deb-section",
  limit_priority: "limit-priority",
  do_source: "source",
  rsync_extra: "rsync-extra",
  di_dists: "di-dist",
  di_archs: "di-arch",
  ignores: "ignore",
  passwd: "passwd",
  keyrings: "keyring",
};

const shortOptions: Readonly<Record<string, string>> = {
  h: "host",
  r: "root",
  d: "dist",
  s: "section",
  a: "arch",
  e: "method",
  u: "user",
  p: "progress",
  v: "verbose",
  m: "md5sums",
};

/** The options whose value may be the next argument. */
const valued = new Set(
  "host root dist section arch method user passwd exclude include exclude-deb-section include-field exclude-field limit-priority rsync-extra di-dist di-arch keyring proxy timeout diff max-batch ignore state-cache-days config-file".split(
    " ",
  ),
);

/** What debmirror mirrors if nothing is said. */
const defaults = {
  host: "ftp.debian.org",
  root: "debian",
  dist: "sid",
  section: "main,contrib,non-free-firmware,main/debian-installer",
};

/** The settings of one configuration. Of those that have one value, the last counts. */
class Settings {
  readonly #all: readonly Setting[];

  constructor(all: readonly Setting[]) {
    this.#all = all;
  }

  has(name: string): boolean {
    return this.#all.some((one) => one.name === name);
  }

  line(name: string): number | undefined {
    return this.#all.findLast((one) => one.name === name)?.line;
  }

  value(name: string): string | undefined {
    return this.#all.findLast((one) => one.name === name)?.values[0];
  }

  /** Returns the items of all its values, each of which may have several with commas between. */
  items(name: string, byDefault: string): readonly string[] {
    const values = this.#all.filter((one) => one.name === name).flatMap((one) => one.values);
    return (values.length === 0 ? [byDefault] : values)
      .flatMap((value) => value.split(","))
      .map((value) => value.trim())
      .filter((value) => value !== "");
  }

  /** Of a switch that has an opposite: the last of both counts. */
  isOn(name: string, byDefault: boolean): boolean {
    const last = this.#all.findLast((one) => one.name === name || one.name === `no${name}`);
    return last === undefined ? byDefault : last.name === name && last.values[0] !== "0";
  }
}

function imported(all: readonly Setting[], architecture: string, remarks: Remarks): Imported {
  for (const setting of all) remarkOn(setting, remarks);
  const settings = new Settings(all);
  const url = urlOf(settings, remarks);
  if (url === undefined) return { settings: {}, mirrors: [], ...remarks.result() };
  addCredential(settings, url, remarks);
  const isUnchecked = settings.has("no-check-gpg") || settings.value("check_gpg") === "0";
  return {
    settings: settings.has("disable-ssl-verification") ? { insecureSkipVerify: true } : {},
    mirrors: selectionOf(settings, url, architecture).map(
      (mirror): DraftMirror => ({
        ...mirror,
        lines: mirror.lines.filter((line) => line > 0),
        pgpKeyPaths: settings.items("keyring", ""),
        noPgpCheck: isUnchecked,
        kinds: kindsOf(settings),
      }),
    ),
    ...remarks.result(),
  };
}

function urlOf(settings: Settings, remarks: Remarks): string | undefined {
  const method = settings.value("method") ?? "ftp";
  const host = settings.value("host") ?? defaults.host;
  const root = (settings.value("root") ?? defaults.root).replace(/^[:/]+/, "");
  const scheme = method === "https" ? "https" : "http";
  if (method !== scheme)
    remarks.add(
      "changed",
      settings.line("method"),
      `method ${method}`,
      `over http: check that ${host} serves it`,
    );
  const found = withoutCredentials(`${scheme}://${host}/${root}`);
  if (found === undefined)
    remarks.add("dropped", settings.line("host"), `host ${host}`, "not the name of a host");
  return found?.url;
}

const isInstallerSection = (section: string): boolean => section.endsWith("/debian-installer");

function selectionOf(settings: Settings, url: string, architecture: string): readonly DraftMirror[] {
  const sections = settings
    .items("section", defaults.section)
    .filter((section) => !isInstallerSection(section));
  const architectures = settings.items("arch", architecture).filter((one) => one !== "none" && one !== "all");
  const source = settings.isOn("source", true);
  const line = settings.line("dist") ?? 0;
  return groupMirrors(
    settings
      .items("dist", defaults.dist)
      .map((suite) => ({ url, suite, sections, architectures, source, line })),
  );
}

function addCredential(settings: Settings, url: string, remarks: Remarks): void {
  const [login, password] = [settings.value("user"), settings.value("passwd")];
  if (login === undefined || password === undefined || login === "anonymous") return;
  remarks.addCredential({ origin: new URL(url).origin, login, password }, settings.line("passwd"));
}

/** debmirror leaves out translations and Contents unless it is asked for them. */
function kindsOf(settings: Settings): Readonly<Record<string, boolean>> {
  const hasInstaller =
    settings.has("di-dist") || settings.items("section", defaults.section).some(isInstallerSection);
  return {
    ...(settings.isOn("getcontents", false) ? {} : { contents: false }),
    ...(settings.isOn("i18n", false) ? {} : { translations: false }),
    ...(hasInstaller ? { installer: true } : {}),
  };
}

const means: Readonly<Record<string, readonly ["imported" | "changed" | "dropped", string]>> = {
  host: ["imported", "url"],
  root: ["imported", "url"],
  method: ["imported", "url"],
  dist: ["imported", "suites"],
  section: ["imported", "sections"],
  arch: ["imported", "architectures"],
  source: ["imported", "mirror_source"],
  nosource: ["imported", "mirror_source"],
  i18n: ["imported", "translations"],
  getcontents: ["imported", "contents"],
  keyring: ["imported", "pgp_key_path"],
  user: ["imported", "auth.conf"],
  passwd: ["imported", "auth.conf"],
  "di-dist": ["changed", "installer = true: for all suites of the mirror"],
  "di-arch": ["changed", "installer = true: for all architectures of the mirror"],
  "no-check-gpg": ["imported", "no_pgp_check = true, which each run warns of"],
  check_gpg: ["imported", "no_pgp_check"],
  "disable-ssl-verification": ["imported", "[tls] insecure_skip_verify = true, which each run warns of"],
  mirrordir: ["changed", "mirrorctl keeps its own tree in dir, and leaves that of debmirror alone"],
  exclude: ["dropped", "its patterns are of paths; exclude_patterns are of names of packages"],
  include: ["dropped", "nothing takes back what exclude_patterns leave out"],
  "exclude-deb-section": ["dropped", "packages cannot be left out by their section"],
  "exclude-field": ["dropped", "packages cannot be left out by other fields than their name and version"],
  "include-field": ["dropped", "packages cannot be chosen by other fields than their name and version"],
  "limit-priority": ["dropped", "packages cannot be left out by their priority"],
  "rsync-extra": ["dropped", "only what Release and its indices list is mirrored"],
  proxy: ["dropped", "proxies come from the environment: http_proxy, https_proxy and no_proxy"],
  "config-file": ["dropped", "import that file too"],
  debmarshal: ["changed", "[snapshot] keeps snapshots: see docs/staging-and-production.md"],
};

function remarkOn({ name, line, said }: Setting, remarks: Remarks): void {
  const known = Object.hasOwn(means, name) ? means[name] : undefined;
  if (known !== undefined) remarks.add(known[0], line, said, known[1]);
  else if (workings.has(name.replaceAll("_", "-")))
    remarks.add("changed", line, said, "not needed: about the way debmirror works");
  else remarks.add("dropped", line, said, "not known");
}

/** How debmirror works, not what it mirrors. */
const workings = new Set(
  "progress verbose debug md5sums checksums cleanup nocleanup postcleanup post-cleanup precleanup pre-cleanup timeout max-batch diff diff-mode gzip-options rsync-options rsync-batch state-cache-days ignore ignore-missing-release ignore-release-gpg ignore-small-errors slow-cpu allow-dist-rename omit-suite-symlinks passive skippackages dry-run help check-md5sums check-downloads".split(
    " ",
  ),
);
