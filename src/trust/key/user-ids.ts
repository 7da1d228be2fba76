import type { PublicKey } from "openpgp";
import { packetTags, splitPackets } from "../message/packets.ts";

/**
 * Has a key hash its user IDs as they stand in its bytes. The library reads them as UTF-8 and hashes what it would write,
 * so that no self-signature over one in another encoding fits: old keys bear names in latin1.
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
