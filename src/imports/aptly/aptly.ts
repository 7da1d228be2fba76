import { withoutCredentials } from "../drafts/credentials.ts";
import { groupMirrors } from "../drafts/group-mirrors.ts";
import type { DraftMirror, Imported, Values } from "../drafts/imported.ts";
import type { TakenIds } from "../drafts/mirror-ids.ts";
import { Remarks } from "../drafts/remarks.ts";
import type { NamedText } from "../named-text.ts";
import { excludePatterns, Untranslatable } from "../names/name-filter.ts";
import { type AptlyConfig, isAptlyConfig, readAptlyConfig } from "./aptly-config.ts";
import { AptlyMirror, mirrorValues } from "./aptly-mirrors.ts";
import { parseAptlyQuery } from "./aptly-query.ts";

/**
 * Reads what `aptly mirror show -json NAME` prints, for one mirror or for several in a row, or the list of its REST API.
 * One of the files may be aptly's own configuration. Throws ImportError.
 */
export function importAptly(files: readonly NamedText[]): Imported {
  const remarks = new Remarks();
  const configs = files.filter(({ text }) => isAptlyConfig(text));
  const config = configs.reduce<AptlyConfig>(
    (before, { name, text }) => ({ ...before, ...readAptlyConfig(text, name, remarks) }),
    {},
  );
  const ids: TakenIds = new Map();
  const shown = files.filter((file) => !configs.includes(file)).flatMap(mirrorValues);
  const mirrors = shown.flatMap((value) => mirrorsOf(value, config, ids, remarks));
  if (mirrors.length > 0)
    remarks.add(
      "changed",
      undefined,
      "signatures",
      "what aptly publishes is signed with your key; a mirror keeps upstream's signatures, so that clients need upstream's key: see client-config",
    );
  const { maxConns } = config;
  const values: Values = maxConns === undefined ? {} : { max_conns: maxConns };
  return { settings: { values, tables: {} }, mirrors, ...remarks.result() };
}

function mirrorsOf(
  value: unknown,
  config: AptlyConfig,
  ids: TakenIds,
  remarks: Remarks,
): readonly DraftMirror[] {
  const mirror = new AptlyMirror(value);
  const name = mirror.text("Name");
  const suite = suiteOf(mirror);
  const found = withoutCredentials(mirror.text("ArchiveRoot"));
  if (name === "" || suite === "" || found === undefined) {
    const means = "it has no Name, Distribution or http(s) ArchiveRoot";
    remarks.add(
      "dropped",
      mirror.place(found === undefined ? "ArchiveRoot" : "Name"),
      `mirror ${name}`,
      means,
    );
    return [];
  }
  if (found.credential !== undefined) remarks.addCredential(found.credential, mirror.place("ArchiveRoot"));
  remarks.add("imported", mirror.place("ArchiveRoot"), found.url, `suite ${suite} of ${found.url}`);
  const isFlat = suite.endsWith("/");
  const architectures = mirror.texts("Architectures").filter((one) => one !== "source");
  const patterns = patternsOf(mirror, remarks);
  return groupMirrors(
    [
      {
        urls: [found.url],
        suite,
        name,
        sections: isFlat ? [] : mirror.texts("Components"),
        architectures: isFlat ? [] : architectures.length > 0 ? architectures : (config.architectures ?? []),
        source: mirror.isOn("DownloadSources"),
        place: undefined,
        values: valuesOf(mirror, config),
        tables: patterns.length === 0 ? {} : { filters: { exclude_patterns: patterns } },
      },
    ],
    ids,
  ).map((one) => ({ ...one, places: [mirror.place("ArchiveRoot")] }));
}

/** Before aptly 0.5.1, a flat repository had no Distribution. */
const suiteOf = (mirror: AptlyMirror): string =>
  mirror.text("Distribution") === "" && mirror.has("Distribution") ? "./" : mirror.text("Distribution");

function valuesOf(mirror: AptlyMirror, { gpgDisableVerify }: AptlyConfig): Values {
  const isInstaller = mirror.isOn("DownloadUdebs") || mirror.isOn("DownloadInstaller");
  return {
    ...(gpgDisableVerify === true ? { no_pgp_check: true } : {}),
    ...(mirror.isOn("DownloadAppStream") ? {} : { dep11: false }),
    ...(isInstaller ? { installer: true } : {}),
  };
}

/** A filter is taken over as it is, or not at all. */
function patternsOf(mirror: AptlyMirror, remarks: Remarks): readonly string[] {
  const filter = mirror.text("Filter").trim();
  if (filter === "") return [];
  const place = mirror.place("Filter");
  const drop = (why: string): readonly string[] => {
    remarks.add("dropped", place, filter, `${why}. All packages are mirrored`);
    return [];
  };
  if (mirror.isOn("FilterWithDeps"))
    return drop("filters here do not take the dependencies of what they let through");
  try {
    const patterns = excludePatterns(parseAptlyQuery(filter));
    remarks.add("imported", place, filter, "exclude_patterns, which leave out every other package");
    return patterns;
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return drop(error.message);
  }
}
