import { withoutCredentials } from "../drafts/credentials.ts";
import { groupMirrors } from "../drafts/group-mirrors.ts";
import type { DraftMirror, Imported, Values } from "../drafts/imported.ts";
import { Remarks } from "../drafts/remarks.ts";
import { hasValue, meaningOfOption, optionNamed, optionOfVariable } from "./debmirror-options.ts";
import { type Setting, Settings } from "./debmirror-settings.ts";
import { readPerlSettings } from "./perl-settings.ts";

/** What is known of how debmirror is run: of its file, of its command line, or of both. */
export interface DebmirrorInput {
  /** debmirror.conf of debmirror 2.37: Perl, of which only assignments of constants are understood. */
  readonly file?: string | undefined;
  readonly args?: readonly string[] | undefined;
}

/** Reads settings of debmirror. `architecture` is that of this machine. */
export function importDebmirror({ file, args }: DebmirrorInput, architecture: string): Imported {
  const remarks = new Remarks();
  const all = [
    ...(file === undefined ? [] : settingsOfFile(file, remarks)),
    ...(args === undefined ? [] : settingsOfArguments(args)),
  ];
  for (const { name, values, place, said } of all) {
    const [kind, means] = meaningOfOption(name);
    const isOff = kind !== "imported" && values.length > 0 && values.every((value) => /^0?$/.test(value));
    remarks.add(isOff ? "changed" : kind, place, said, isOff ? "not needed: it is off" : means);
  }
  if (file === undefined)
    remarks.add(
      "changed",
      undefined,
      "files",
      "debmirror also reads its file, which this import did not: name it before --",
    );
  return imported(new Settings(all), architecture, remarks);
}

function settingsOfFile(text: string, remarks: Remarks): readonly Setting[] {
  const { settings, notUnderstood } = readPerlSettings(text);
  for (const { line, text: said } of notUnderstood)
    remarks.add("dropped", { line }, said, "not understood: only constants are read, and nothing is run");
  return settings.map(({ name, values, line }): Setting => {
    const option = Object.hasOwn(optionOfVariable, name) ? optionOfVariable[name] : undefined;
    const said = `${name} = ${values.join(", ")}`;
    return { name: option ?? name.replaceAll("_", "-"), values, place: { line }, said };
  });
}

function settingsOfArguments(args: readonly string[]): readonly Setting[] {
  const settings: Setting[] = [];
  for (let at = 0; at < args.length; at++) {
    const said = args[at] ?? "";
    const place = { argument: at + 1 };
    const [, text, value] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(said) ?? [];
    if (text === undefined) {
      settings.push({ name: "mirrordir", values: [said], place, said });
      continue;
    }
    const name = optionNamed(text);
    const follows = value === undefined && hasValue(name) ? args[++at] : undefined;
    const given = value ?? follows;
    settings.push({
      name,
      values: given === undefined ? [] : [given],
      place,
      said: follows === undefined ? said : `${said} ${follows}`,
    });
  }
  return settings;
}

/** What debmirror mirrors if nothing is said. */
const defaults = {
  host: "ftp.debian.org",
  root: "debian",
  dist: "sid",
  section: "main,contrib,non-free,non-free-firmware,main/debian-installer",
  arch: "i386",
};

function imported(settings: Settings, architecture: string, remarks: Remarks): Imported {
  const url = urlOf(settings, remarks);
  addCredential(settings, url, remarks);
  const tables: Record<string, Values> =
    settings.last("disable-ssl-verification") === undefined ? {} : { tls: { insecure_skip_verify: true } };
  const mirrors = url === undefined ? [] : mirrorsOf(settings, url, architecture, remarks);
  return { settings: { values: {}, tables }, mirrors, ...remarks.result() };
}

function urlOf(settings: Settings, remarks: Remarks): string | undefined {
  const method = settings.value("method") ?? "ftp";
  const host = settings.value("host") ?? defaults.host;
  const root = (settings.value("root") ?? defaults.root).replace(/^[:/]+/, "");
  if (method === "file") {
    const means = "only http and https upstreams can be mirrored; sync --files takes files from a disk";
    remarks.add("dropped", settings.last("method")?.place, "method file", means);
    return undefined;
  }
  const scheme = method === "https" ? "https" : "http";
  if (method !== scheme) {
    const means = `over http: check that the host serves it at /${root}/`;
    remarks.add("changed", settings.last("method")?.place, `method ${method}`, means);
  }
  const found = /[/?#\s]/.test(host) ? undefined : withoutCredentials(`${scheme}://${host}/${root}`);
  if (found?.credential !== undefined) remarks.addCredential(found.credential, settings.last("host")?.place);
  if (found === undefined)
    remarks.add("dropped", settings.last("host")?.place, `host ${host}`, "not the name of a host");
  return found?.url;
}

const isInstallerSection = (section: string): boolean => section.endsWith("/debian-installer");

function mirrorsOf(
  settings: Settings,
  url: string,
  architecture: string,
  remarks: Remarks,
): readonly DraftMirror[] {
  const sections = settings.items("section", defaults.section).filter((one) => !isInstallerSection(one));
  const values = valuesOf(settings, remarks);
  const selection = {
    urls: [url],
    sections,
    architectures: architecturesOf(settings, architecture, remarks),
    source: settings.isOn("source", true),
    place: settings.last("dist")?.place,
    values,
  };
  return groupMirrors(settings.items("dist", defaults.dist).map((suite) => ({ ...selection, suite })));
}

function architecturesOf(settings: Settings, architecture: string, remarks: Remarks): readonly string[] {
  const own = settings.items("arch", defaults.arch);
  const place = settings.last("arch")?.place;
  if (own.join() === "none") {
    const means = `binary packages are always mirrored too: those of ${architecture}`;
    remarks.add("changed", place, "arch none", means);
    return [architecture];
  }
  if (place === undefined)
    remarks.add("imported", undefined, "no architecture", "architectures = i386, the default of debmirror");
  return own.filter((one) => one !== "all");
}

function addCredential(settings: Settings, url: string | undefined, remarks: Remarks): void {
  const [login, password] = [settings.value("user"), settings.value("passwd")];
  if (password === undefined || password === "anonymous@") return;
  remarks.addSecret(password);
  if (login === undefined || login === "anonymous" || url === undefined) return;
  remarks.addCredential({ origin: new URL(url).origin, login, password }, settings.last("passwd")?.place);
}

/** debmirror leaves out Contents unless it is asked for them, and always has the English translations. */
function valuesOf(settings: Settings, remarks: Remarks): Values {
  if (!settings.isOn("i18n", false)) {
    const means =
      "translations: those of all languages, not only English; translations = false leaves out all";
    remarks.add("changed", settings.last("i18n")?.place, "no i18n", means);
  }
  const hasInstaller =
    settings.items("di-dist").length > 0 ||
    settings.items("di-arch").length > 0 ||
    settings.items("section", defaults.section).some(isInstallerSection);
  const keyrings = settings.items("keyring");
  return {
    ...(keyrings.length === 0 ? {} : { pgp_key_path: keyrings }),
    ...(settings.isOn("check-gpg", true) ? {} : { no_pgp_check: true }),
    ...(settings.isOn("getcontents", false) ? {} : { contents: false }),
    ...(hasInstaller ? { installer: true } : {}),
  };
}
