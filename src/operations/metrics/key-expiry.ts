import type { MirrorFacts } from "../../metrics/index.ts";
import type { Certificate } from "../../trust/index.ts";
import type { Ports } from "../context.ts";
import { readKeysAsFarAsPossible } from "../keys/index.ts";
import { readState } from "../status/index.ts";

type KeyPorts = Ports<"mirror" | "memory" | "invokerFiles" | "now">;

/**
 * Returns when keys expire: every key of `pgp_key_path` or, of those that apt trusts, the ones that signed the last sync. A
 * machine has many others.
 */
export async function expiryOfKeys(ports: KeyPorts): Promise<MirrorFacts["keys"]> {
  const { mirror } = ports;
  if (!mirror.pgpCheck) return [];
  if (mirror.pgpKeyPaths.length > 0) return await expiryIn(ports, () => true);
  const signers = new Set(readState(ports)?.suites.flatMap(({ signedBy }) => signedBy));
  return signers.size === 0 ? [] : await expiryIn(ports, ({ keyId }) => signers.has(keyId));
}

type Key = Certificate["primary"];

/** A key may be in several files, in versions of different age: a sync accepts what any of them allows. */
async function expiryIn(ports: KeyPorts, isWanted: (key: Key) => boolean): Promise<MirrorFacts["keys"]> {
  const { describeCertificate } = await import("../../trust/index.ts");
  const { keyring } = await readKeysAsFarAsPossible({ ...ports, emit: () => undefined });
  const latest = new Map<string, number>();
  for (const certificate of keyring.certificates.filter(({ keys }) => keys.some(isWanted))) {
    const { primary, subkeys } = await describeCertificate(certificate, ports.now());
    for (const { fingerprint, expiresAt } of [primary, ...subkeys].filter(isWanted)) {
      const expiresAtMs = expiresAt?.getTime() ?? Infinity;
      latest.set(fingerprint, Math.max(expiresAtMs, latest.get(fingerprint) ?? -Infinity));
    }
  }
  return [...latest].map(([fingerprint, ms]) => ({
    fingerprint,
    expiresAt: ms === Infinity ? undefined : new Date(ms),
  }));
}
