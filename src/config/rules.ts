import { relative } from "node:path";
import type { KeyPath, Report } from "./check.ts";
import { mirrorTable } from "./mirror-options.ts";
import { isFlatSuite } from "./names.ts";
import { settle } from "./option.ts";
import type { GivenConfig, GivenMirror } from "./options.ts";
import { expandPath, type PathBase } from "./paths.ts";
import { publishTable } from "./snapshot-options.ts";
import { tlsTable } from "./tls-options.ts";

type DraftMirror = Partial<GivenMirror>;
/** What a file gives, with whatever is missing or wrong left out. */
export type DraftConfig = Omit<Partial<GivenConfig>, "mirrors"> & {
  readonly mirrors?: ReadonlyMap<string, DraftMirror> | undefined;
};

/** Checks options against one another. A mirror's tables are checked as they are after the global ones apply. */
export function checkRules(draft: DraftConfig, base: PathBase, report: Report): void {
  checkTls(["tls"], [draft.tls], report);
  checkLinks(["publish"], [draft.publish], [], report);
  checkSnapshotPath(["snapshot", "path"], draft.snapshot?.path, draft, base, report);
  for (const [id, mirror] of draft.mirrors ?? []) {
    const path = ["mirrors", id];
    checkSelection(path, mirror, report);
    if (mirror.tls !== undefined) checkTls([...path, "tls"], [draft.tls, mirror.tls], report);
    const flatSuites = (mirror.suites ?? []).filter(isFlatSuite);
    if (mirror.publish !== undefined || flatSuites.length > 0) {
      checkLinks([...path, "publish"], [draft.publish, mirror.publish], flatSuites, report);
    }
    checkSnapshotPath([...path, "snapshot", "path"], mirror.snapshot?.path, draft, base, report);
  }
}

/** Flat repositories have neither sections nor directories of architectures; all others need both named. */
function checkSelection(path: KeyPath, mirror: DraftMirror, report: Report): void {
  if (mirror.suites?.every(isFlatSuite) === true) return;
  for (const key of ["sections", "architectures"] as const) {
    if (mirror[key] !== undefined) continue;
    const expected = `${mirrorTable.entries[key].type}; only flat suites, which end in "/", do without`;
    report({ kind: "missing-key", path: [...path, key], expected });
  }
}

function checkTls(path: KeyPath, layers: readonly GivenConfig["tls"][], report: Report): void {
  const tls = settle(tlsTable, ...layers);
  if (tls.max_version !== undefined && tls.max_version < tls.min_version) {
    const fault = `found ${tls.max_version}, expected no less than min_version, which is ${tls.min_version}`;
    report({ kind: "bad-value", path: [...path, "max_version"], fault });
  }
  const [present, missing] =
    tls.client_cert_file === undefined
      ? (["client_key_file", "client_cert_file"] as const)
      : (["client_cert_file", "client_key_file"] as const);
  if (tls[present] !== undefined && tls[missing] === undefined) {
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

/** Snapshots lie in `<path>/<id>`, which must be no directory that is a mirror or mirrorctl's own. */
function checkSnapshotPath(
  path: KeyPath,
  snapshotPath: string | undefined,
  { dir, mirrors }: DraftConfig,
  base: PathBase,
  report: Report,
): void {
  if (dir === undefined || snapshotPath === undefined) return;
  const [first = ""] = relative(expandPath(dir, base), expandPath(snapshotPath, base)).split("/");
  if (first === "" || first === ".mirrorctl" || mirrors?.has(first) === true) {
    const fault = `found ${JSON.stringify(snapshotPath)}, expected a directory apart from dir, those of mirrors and .mirrorctl`;
    report({ kind: "bad-value", path, fault });
  }
}
