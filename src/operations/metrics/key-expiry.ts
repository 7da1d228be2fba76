import type { MirrorFacts } from "../../metrics/index.ts";
import type { Certificate, DescribedCertificate } from "../../trust/index.ts";
import { readKeysAsFarAsPossible } from "../configured-keys.ts";
import type { Ports } from "../context.ts";
import { readState } from "../status/index.ts";

export type Describe = (certificate: Certificate) => Promise<DescribedCertificate>;

/** Describes each certificate once: a keyring of Debian takes a tenth of a second, and many mirrors use it. */
export function describeOnce(now: Date): Describe {
  const described = new Map<string, Promise<DescribedCertificate>>();
  const describe = async (certificate: Certificate): Promise<DescribedCertificate> => {
    const { describeCertificate } = await import("../../trust/index.ts");
    return await describeCertificate(certificate, now);
  };
  return (certificate) =>
    described.getOrInsertComputed(Buffer.from(certificate.bytes).toString("base64"), () =>
      describe(certificate),
    );
}

type KeyPorts = Ports<"mirror" | "memory" | "invokerFiles">;

/**
 * Returns when keys expire: every key of `pgp_key_path` or, of those that apt trusts, the ones that signed the last sync. A
 * machine has many others.
 */
export async function expiryOfKeys(ports: KeyPorts, describe: Describe): Promise<MirrorFacts["keys"]> {
  const { mirror } = ports;
  if (!mirror.pgpCheck) return [];
  if (mirror.pgpKeyPaths.length > 0) return await expiryIn(ports, describe, () => true);
  const signers = new Set(readState(ports)?.suites.flatMap(({ signedBy }) => signedBy));
  return signers.size === 0 ? [] : await expiryIn(ports, describe, ({ keyId }) => signers.has(keyId));
}

type Key = Certificate["primary"];

/** A key may be in several files, in versions of different age: a sync accepts what any of them allows. */
async function expiryIn(
  ports: KeyPorts,
  describe: Describe,
  isWanted: (key: Key) => boolean,
): Promise<MirrorFacts["keys"]> {
  const { keyring } = await readKeysAsFarAsPossible({ ...ports, emit: () => undefined });
  const latest = new Map<string, number>();
  for (const certificate of keyring.certificates.filter(({ keys }) => keys.some(isWanted))) {
    const { primary, subkeys } = await describe(certificate);
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
