import { join } from "node:path";
import { type KeyPath, type Report, valueAt } from "./check.ts";
import { checkGates } from "./gate-rules.ts";
import { checkNotify } from "./notify-rules.ts";
import { mirrorTable } from "./options/mirror-options.ts";
import { settle } from "./options/option.ts";
import type { GivenConfig, GivenMirror, GivenNotify } from "./options/options.ts";
import { publishTable } from "./options/snapshot-options.ts";
import { tlsTable } from "./options/tls-options.ts";
import { isFlatSuite } from "./values/names.ts";
import { expandPath, type PathBase } from "./values/paths.ts";

type DraftMirror = Partial<GivenMirror>;
/** The values of a file, without missing and wrong ones. */
export type DraftConfig = Omit<Partial<GivenConfig>, "mirrors" | "notify"> & {
  readonly notify?: readonly Partial<GivenNotify>[] | undefined;
  readonly mirrors?: ReadonlyMap<string, DraftMirror> | undefined;
};

/**
 * Checks options against one another, a mirror's after the global ones were applied. `given` is the file as written,
 * with the refused values.
 */
export function checkRules(draft: DraftConfig, given: unknown, base: PathBase, report: Report): void {
  checkTls(["tls"], [draft.tls], report);
  checkLinks(["publish"], [draft.publish], [], report);
  checkSnapshotPaths(draft, base, report);
  checkGates(draft, report);
  checkNotify(draft, given, report);
  for (const [id, mirror] of draft.mirrors ?? []) {
    const path = ["mirrors", id];
    checkSelection(path, mirror, valueAt(given, [...path, "suites"]), report);
    if (mirror.tls !== undefined) checkTls([...path, "tls"], [draft.tls, mirror.tls], report);
    const flatSuites = (mirror.suites ?? []).filter(isFlatSuite);
    if (mirror.publish !== undefined || flatSuites.length > 0) {
      checkLinks([...path, "publish"], [draft.publish, mirror.publish], flatSuites, report);
    }
  }
}

/** Checks that sections and architectures are set. Flat repositories have neither. */
function checkSelection(path: KeyPath, mirror: DraftMirror, suites: unknown, report: Report): void {
  if (isListOfTexts(suites) && suites.length > 0 && suites.every(isFlatSuite)) return;
  for (const key of ["sections", "architectures"] as const) {
    if (mirror[key] !== undefined) continue;
    const expected = `${mirrorTable.entries[key].type}; only flat suites, which end in "/", do without`;
    report({ kind: "missing-key", path: [...path, key], expected });
  }
}

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** Checks the last layer. Problems of only the lower layers are already reported. */
function checkTls(path: KeyPath, layers: readonly GivenConfig["tls"][], report: Report): void {
  const tls = settle(tlsTable, ...layers);
  const own = layers.at(-1) ?? {};
  const saysVersion = own.max_version !== undefined || own.min_version !== undefined;
  if (saysVersion && tls.max_version !== undefined && tls.max_version < tls.min_version) {
    const fault = `found ${tls.max_version}, expected no less than min_version, which is ${tls.min_version}`;
    report({ kind: "bad-value", path: [...path, "max_version"], fault });
  }
  const [present, missing] =
    tls.client_cert_file === undefined
      ? (["client_key_file", "client_cert_file"] as const)
      : (["client_cert_file", "client_key_file"] as const);
  if (own[present] !== undefined && tls[missing] === undefined) {
    report({ kind: "missing-key", path: [...path, missing], expected: `a path, because ${present} is set` });
  }
}

function checkLinks(
  path: KeyPath,
  layers: readonly GivenConfig["publish"][],
  flatSuites: readonly string[],
  report: Report,
): void {
  const links = settle(publishTable, ...layers);
  if (links.staging === links.production) {
    const fault = `found ${JSON.stringify(links.production)}, expected another name than that of staging`;
    report({ kind: "bad-value", path: [...path, "production"], fault });
  }
  for (const key of ["staging", "production"] as const) {
    const suite = flatSuites.find((name) => name.startsWith(`${links[key]}/`));
    if (suite === undefined) continue;
    const fault = `found ${JSON.stringify(links[key])}, expected a name that is not taken by the flat suite ${JSON.stringify(suite)}`;
    report({ kind: "bad-value", path: [...path, key], fault });
  }
}

/**
 * Checks that snapshots, in `<path>/<id>`, are apart from public directories, from mirrorctl's own, and from one
 * another.
 */
function checkSnapshotPaths(draft: DraftConfig, base: PathBase, report: Report): void {
  if (draft.dir === undefined) return;
  const dir = expandPath(draft.dir, base);
  const places = placesOfSnapshots(draft, dir, base);
  const taken = [".mirrorctl", ...places.map(({ id }) => id)].map((name) => join(dir, name));
  const reported = new Set<string>();
  for (const { id, path, text, root } of places) {
    if (text === undefined || reported.has(path.join("\0"))) continue;
    const other = places.find((place) => place.id !== id && contains(place.root, root));
    const apartFrom = taken.some((directory) => contains(directory, root) || contains(root, directory))
      ? "dir, those of mirrors and .mirrorctl"
      : other && `the snapshots of ${other.id}, which are in ${other.root}`;
    if (apartFrom === undefined) continue;
    const fault = `found ${JSON.stringify(text)}, expected a directory apart from ${apartFrom}: the snapshots of ${id} would be in ${root}`;
    report({ kind: "bad-value", path, fault });
    reported.add(path.join("\0"));
  }
}

interface PlaceOfSnapshots {
  readonly id: string;
  /** The key that sets it, and its value; undefined for the default. */
  readonly path: KeyPath;
  readonly text: string | undefined;
  readonly root: string;
}

function placesOfSnapshots(draft: DraftConfig, dir: string, base: PathBase): readonly PlaceOfSnapshots[] {
  return [...(draft.mirrors ?? [])].map(([id, { snapshot }]) => {
    const path = [...(snapshot?.path === undefined ? [] : ["mirrors", id]), "snapshot", "path"];
    const text = snapshot?.path ?? draft.snapshot?.path;
    const root = join(text === undefined ? join(dir, ".snapshots") : expandPath(text, base), id);
    return { id, path, text, root };
  });
}

/** Returns true also if both are the same. */
const contains = (outer: string, inner: string): boolean => `${inner}/`.startsWith(`${outer}/`);
