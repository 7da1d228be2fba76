import type { PublicKey } from "openpgp";
import { packetTags, splitPackets } from "../message/packets.ts";

/**
 * Makes a key hash the raw bytes of its user IDs. The library decodes them as UTF-8 and hashes the result, so no
 * self-signature over another encoding would verify: old keys have names in latin1.
 */
export function keepUserIdBytes({ users }: PublicKey, keyBytes: Uint8Array): void {
  const bodies = [...splitPackets(keyBytes, "key")]
    .filter(({ tag }) => tag === packetTags.userId)
    .map(({ body }) => body);
  const userIds = users.flatMap(({ userID }) => userID ?? []);
  for (const [index, body] of bodies.entries()) {
    const userId = userIds[index];
    if (userId !== undefined) userId.write = () => body;
  }
}
