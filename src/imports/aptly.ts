import { ImportError } from "./errors.ts";
import { groupMirrors, withoutCredentials } from "./group-mirrors.ts";
import { type DraftMirror, type Imported, Remarks } from "./imported.ts";
import { freeId, type TakenIds } from "./mirror-ids.ts";

/** Reads what `aptly mirror show -json NAME` prints, for one mirror or for several in a row. Throws ImportError. */
export function importAptly(text: string): Imported {
  const remarks = new Remarks();
  const mirrors: DraftMirror[] = [];
  const ids: TakenIds = new Map();
  for (const value of jsonValues(text)) {
    const mirror = new AptlyMirror(value);
    const name = mirror.text("Name");
    const suite = mirror.text("Distribution");
    const found = withoutCredentials(mirror.text("ArchiveRoot"));
    if (name === "" || suite === "" || found === undefined) {
      remarks.add(
        "dropped",
        undefined,
        `mirror ${name}`,
        "it has no Name, Distribution or http(s) ArchiveRoot",
      );
      continue;
    }
    if (found.credential !== undefined) remarks.addCredential(found.credential, undefined);
    const [draft] = groupMirrors([
      {
        url: found.url,
        suite,
        sections: suite.endsWith("/") ? [] : mirror.texts("Components"),
        architectures: suite.endsWith("/")
          ? []
          : mirror.texts("Architectures").filter((one) => one !== "source"),
        source: mirror.isOn("DownloadSources"),
        line: 0,
      },
    ]);
    if (draft === undefined) continue;
    const isInstaller = mirror.isOn("DownloadUdebs") || mirror.isOn("DownloadInstaller");
    mirrors.push({
      ...draft,
      id: freeId(name, ids),
      lines: [],
      kinds: {
        ...(mirror.isOn("DownloadAppStream") ? {} : { dep11: false }),
        ...(isInstaller ? { installer: true } : {}),
      },
    });
    remarks.add("imported", undefined, `mirror ${name}`, `suite ${suite} of ${found.url}`);
    const filter = mirror.text("Filter");
    if (filter !== "")
      remarks.add(
        "dropped",
        undefined,
        `filter of ${name}: ${filter}`,
        "filters here leave packages out by name and version: see exclude_patterns and keep_versions",
      );
  }
  if (mirrors.length > 0)
    remarks.add(
      "changed",
      undefined,
      "signatures",
      "what aptly publishes is signed with your key; a mirror keeps upstream's signatures, so that clients need upstream's key",
    );
  return { settings: {}, mirrors, ...remarks.result() };
}

/** The fields of aptly's JSON that matter, whatever types they have. */
class AptlyMirror {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(value: unknown) {
    this.#fields = new Map(Object.entries(Object(value)));
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === "string" ? value : "";
  }

  texts(name: string): readonly string[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  }

  isOn(name: string): boolean {
    return this.#fields.get(name) === true;
  }
}

/** Returns the objects of a list, or of several values one after the other, each of which begins a line with "{". */
function jsonValues(text: string): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed === "") throw notJson();
  const parts = trimmed.startsWith("[") ? [trimmed] : trimmed.split(/\n(?=\{)/);
  return parts.flatMap((part) => {
    try {
      const value: unknown = JSON.parse(part);
      return Array.isArray(value) ? (value as readonly unknown[]) : [value];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw notJson();
    }
  });
}

const notJson = (): ImportError =>
  new ImportError(
    "IMPORT_UNREADABLE",
    'the file is not JSON, expected what "aptly mirror show -json" prints',
    {
      hint: "aptly mirror list -raw | xargs -n 1 aptly mirror show -json > mirrors.json",
    },
  );
