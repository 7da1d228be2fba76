import type { Config, FilterConfig, MirrorConfig, SnapshotConfig, TlsConfig } from "./config.ts";
import { resolveCriteria } from "./criteria.ts";
import { mirrorTable } from "./options/mirror-options.ts";
import { type Settled, settle } from "./options/option.ts";
import { configTable, type GivenConfig, type GivenMirror, logTable } from "./options/options.ts";
import { pruneTable, publishTable, snapshotTable } from "./options/snapshot-options.ts";
import { tlsTable } from "./options/tls-options.ts";
import { resolveNotify } from "./resolve-notify.ts";
import { expandPath, type PathBase } from "./values/paths.ts";

/**
 * Makes the configuration from the values of a file. The tables of a mirror override the global ones, and those
 * override defaults.
 */
export function resolveConfig(given: GivenConfig, path: string, base: PathBase): Config {
  const own = settle(configTable, given);
  const mirrors = [...(given.mirrors ?? [])];
  return {
    path,
    dir: expandPath(own.dir, base),
    maxConns: own.max_conns,
    log: settle(logTable, given.log),
    metricsFile: given.metrics?.textfile === undefined ? undefined : expandPath(given.metrics.textfile, base),
    mirrors: mirrors.map(([id, mirror]) => resolveMirror(id, mirror, given, base)),
    notify: (given.notify ?? []).map((table, index) => resolveNotify(table, index, base)),
  };
}

/** Zero is left out: a tree that was recorded without the key has the same filters. */
function resolveFilters(own: Settled<typeof mirrorTable.entries.filters>): FilterConfig {
  const { keep_versions: keepVersions, keep_source_versions: keepSourceVersions } = own;
  return {
    keepVersions,
    ...(keepSourceVersions === 0 ? {} : { keepSourceVersions }),
    excludePatterns: own.exclude_patterns,
  };
}

function resolveMirror(id: string, mirror: GivenMirror, given: GivenConfig, base: PathBase): MirrorConfig {
  const own = settle(mirrorTable, mirror);
  const filters = settle(mirrorTable.entries.filters, mirror.filters);
  const publish = settle(publishTable, given.publish, mirror.publish);
  const asksForSnapshots = given.snapshot !== undefined || mirror.snapshot !== undefined;
  const snapshotEachSync = asksForSnapshots || own.publish_to_staging;
  return {
    id,
    urls: own.url,
    suites: own.suites,
    sections: own.sections ?? [],
    architectures: own.architectures ?? [],
    source: own.mirror_source,
    pgpCheck: !own.no_pgp_check,
    pgpKeyPaths: (own.pgp_key_path ?? []).map((text) => expandPath(text, base)),
    signedBy: own.signed_by ?? [],
    publishToStaging: own.publish_to_staging,
    filters: resolveFilters(filters),
    snapshot: resolveSnapshot(mirror, given, base),
    snapshotEachSync,
    publish: {
      staging: publish.staging,
      production: publish.production,
      working: publish.working ?? !snapshotEachSync,
      graceMs: publish.grace,
      baseUrl: publish.base_url,
    },
    criteria: resolveCriteria(id, base, given.gates, mirror.gates),
    tls: resolveTls(mirror, given, base),
    allow: {
      missing: own.allow_missing,
      expired: own.allow_expired,
      expiredKeys: own.allow_expired_keys,
      older: own.allow_older,
      future: own.allow_future,
      renamed: own.allow_renamed,
      weak: own.allow_weak,
    },
    kinds: {
      contents: own.contents,
      translations: own.translations,
      dep11: own.dep11,
      cnf: own.cnf,
      installer: own.installer,
    },
  };
}

function resolveSnapshot(mirror: GivenMirror, given: GivenConfig, base: PathBase): SnapshotConfig {
  const { skip_unchanged, path, default_name_format } = settle(
    snapshotTable,
    given.snapshot,
    mirror.snapshot,
  );
  const prune = settle(pruneTable, given.snapshot?.prune, mirror.snapshot?.prune);
  return {
    skipUnchanged: skip_unchanged,
    path: path === undefined ? `${expandPath(given.dir, base)}/.snapshots` : expandPath(path, base),
    nameFormat: default_name_format,
    prune: {
      keepLast: prune.keep_last,
      keepWithinMs: prune.keep_within,
      keepRollbacks: prune.keep_rollbacks,
    },
  };
}

function resolveTls(mirror: GivenMirror, given: GivenConfig, base: PathBase): TlsConfig {
  const tls = settle(tlsTable, given.tls, mirror.tls);
  const expand = (text: string | undefined) => (text === undefined ? undefined : expandPath(text, base));
  return {
    minVersion: tls.min_version,
    maxVersion: tls.max_version,
    insecureSkipVerify: tls.insecure_skip_verify,
    caCertFile: expand(tls.ca_cert_file),
    clientCertFile: expand(tls.client_cert_file),
    clientKeyFile: expand(tls.client_key_file),
    cipherSuites: tls.cipher_suites,
    serverName: tls.server_name,
  };
}
