import { mapBounded } from "../../platform/flow/map-bounded.ts";
import { Suite } from "../../repository/index.ts";
import type { FoundSignature, InspectedSignatures, SignaturePolicy } from "../../trust/index.ts";
import { redactUrl, type Upstream } from "../../upstream/index.ts";
import { readKeysAsFarAsPossible } from "../configured-keys.ts";
import type { Ports } from "../context.ts";
import { downloadSigned, type SignedFile } from "../sync/index.ts";
import { findKeyFiles } from "./find-key-files.ts";
import { type KeyringPackage, keyringPackageOf } from "./keyring-packages.ts";

/** Who signs an upstream, and which of these keys are configured. */
export interface NeededKeys {
  readonly mirror: string;
  /** Without credentials. */
  readonly urls: readonly string[];
  readonly suites: readonly SuiteSigners[];
  /** Each once. */
  readonly missing: readonly MissingKey[];
  /** Key files of the configuration that cannot be read. */
  readonly unusableFiles: readonly unknown[];
  /** False: signatures are not checked at all, because of no_pgp_check. */
  readonly pgpCheck: boolean;
}

export type SuiteSigners =
  | {
      readonly kind: "signed";
      readonly suite: string;
      readonly file: SignedFile["name"];
      readonly signatures: readonly FoundSignature[];
      /** Why a sync would refuse the suite; undefined if it would accept its signatures. */
      readonly refusal: unknown;
    }
  | { readonly kind: "failed"; readonly suite: string; readonly error: unknown };

/** A key that signed, and is not configured. */
export interface MissingKey extends Pick<FoundSignature, "keyId" | "fingerprint"> {
  /** Files of this machine that have it. */
  readonly foundIn: readonly string[];
  /** The package of a distribution that has it. */
  readonly keyringPackage: KeyringPackage | undefined;
}

export type KeyPorts = Ports<"mirror" | "invokerFiles" | "emit" | "now" | "signal">;

const suitesAtOnce = 4;

/**
 * Lists the keys that signed each suite. Requests signature files only, changes nothing, and trusts nothing: a signature says
 * which key to look for, and not whether that key is the upstream's.
 */
export async function findNeededKeys(ports: KeyPorts, upstream: Upstream): Promise<NeededKeys> {
  const { mirror, now } = ports;
  const { keyring, unusableFiles } = await readKeysAsFarAsPossible(ports);
  const { id, signedBy, allow } = mirror;
  const policy = { mirror: id, keyring, now: now(), signedBy, allow };
  const suites = await mapBounded(mirror.suites, suitesAtOnce, (name) =>
    signaturesOf(new Suite(name), policy, upstream, ports),
  );
  return {
    mirror: id,
    urls: mirror.urls.map(redactUrl),
    suites,
    missing: await placesOf(missingIn(suites), ports),
    unusableFiles,
    pgpCheck: mirror.pgpCheck,
  };
}

function missingIn(suites: readonly SuiteSigners[]): readonly FoundSignature[] {
  const signatures = suites.flatMap((suite) => (suite.kind === "signed" ? suite.signatures : []));
  const missing = signatures.filter(({ state }) => state === "missing");
  return [...new Map(missing.map((signature) => [signature.keyId, signature])).values()];
}

async function placesOf(
  signatures: readonly FoundSignature[],
  ports: KeyPorts,
): Promise<readonly MissingKey[]> {
  if (signatures.length === 0) return [];
  const files = await findKeyFiles(ports);
  return signatures.map(({ keyId, fingerprint }) => ({
    keyId,
    fingerprint,
    foundIn: files.get(fingerprint ?? keyId) ?? [],
    keyringPackage: keyringPackageOf(keyId),
  }));
}

async function signaturesOf(
  suite: Suite,
  policy: SignaturePolicy,
  upstream: Upstream,
  ports: KeyPorts,
): Promise<SuiteSigners> {
  try {
    const signed = await downloadSigned({ ...ports, suite, upstream });
    return { kind: "signed", suite: suite.name, file: signed.name, ...(await inspect(signed, policy)) };
  } catch (error) {
    ports.signal.throwIfAborted();
    return { kind: "failed", suite: suite.name, error };
  }
}

async function inspect(signed: SignedFile, policy: SignaturePolicy): Promise<InspectedSignatures> {
  const { inspectDetached, inspectInRelease } = await import("../../trust/index.ts");
  return signed.name === "InRelease"
    ? inspectInRelease(signed.bytes, policy)
    : inspectDetached(signed.release, signed.bytes, policy);
}
