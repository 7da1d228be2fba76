import type { SignedBy } from "../../apt-sources/index.ts";
import { ifAllowed } from "../../platform/look.ts";
import type { Certificate } from "../../trust/index.ts";
import type { Ports } from "../context.ts";
import { isKeyringOfDistribution } from "../distribution-keyring.ts";
import { openKeyring } from "../open-keyring.ts";
import type { FoundTree } from "../trees/index.ts";

export type KeyPorts = Ports<"mirror" | "emit" | "invokerFiles" | "catalog" | "memory">;

/** The keys that clients need: what their entry names, and the file that it names if they do not have that. */
export interface ClientKeys {
  readonly signedBy: SignedBy;
  /** To be made on each client. */
  readonly file: { readonly path: string; readonly content: string } | undefined;
}

/** A larger key would hide the rest of the stanza, and debian-archive-keyring itself has 60 kB. */
const inlineBytesMax = 16_384;

/** Returns the keys for clients of a tree. Undefined if the mirror checks no signatures: then nobody knows a key. */
export async function clientKeys(
  ports: KeyPorts,
  tree: FoundTree,
  { mayBeInline }: { readonly mayBeInline: boolean },
): Promise<ClientKeys | undefined> {
  const { id, pgpCheck, signedBy } = ports.mirror;
  if (!pgpCheck) return undefined;
  const certificates = await certificatesFor(ports, tree);
  const fingerprints = signedBy.filter((text) => /^[0-9A-F]{40}!?$/.test(text)); // apt knows no others
  const files = [...new Set(certificates.map(({ fileName }) => fileName))];
  if (files.every(isKeyringOfDistribution))
    return { signedBy: { paths: files, fingerprints, key: undefined }, file: undefined };
  const { armorPublicKeys } = await import("../../trust/index.ts");
  const content = armorPublicKeys(certificates.map(({ bytes }) => bytes));
  if (mayBeInline && content.length <= inlineBytesMax)
    return { signedBy: { paths: [], fingerprints: [], key: content }, file: undefined };
  const path = `/etc/apt/keyrings/mirrorctl-${id}.asc`;
  return { signedBy: { paths: [path], fingerprints, key: undefined }, file: { path, content } };
}

/** Keys that the mirror does not accept are left out, and of apt's own keys also those that did not sign the tree. */
async function certificatesFor(ports: KeyPorts, tree: FoundTree): Promise<readonly Certificate[]> {
  const { pgpKeyPaths, signedBy } = ports.mirror;
  const { certificates } = await openKeyring(ports);
  const named = signedBy.map((text) => text.replace("!", ""));
  const accepted = having(certificates, named, "fingerprint");
  return pgpKeyPaths.length > 0 ? accepted : having(accepted, await signersOf(ports, tree), "keyId");
}

/** Returns the certificates with one of these keys, or all of them if none has. */
function having(
  certificates: readonly Certificate[],
  names: readonly string[],
  by: "fingerprint" | "keyId",
): readonly Certificate[] {
  const found = certificates.filter(({ keys }) => keys.some((key) => names.includes(key[by])));
  return found.length === 0 ? certificates : found;
}

/** Returns the ids of the keys that signed the Releases of a tree, as far as its sync recorded them. */
async function signersOf({ catalog, memory }: KeyPorts, { name }: FoundTree): Promise<readonly string[]> {
  const snapshot = await catalog.find(name);
  if (snapshot !== undefined) return snapshot.meta.releases.flatMap(({ signedBy = [] }) => signedBy);
  // Only the owner of `dir` may read the state.
  return ifAllowed(() => memory.read())?.suites.flatMap(({ signedBy }) => signedBy) ?? [];
}
