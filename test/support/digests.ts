import { createHash } from "node:crypto";

/** The name of the section of a Release, and of the directory below `by-hash/`. */
export type DigestName = "MD5Sum" | "SHA1" | "SHA256" | "SHA512";

export const digestNames: readonly DigestName[] = ["MD5Sum", "SHA1", "SHA256", "SHA512"];

/** Returns lower-case hexadecimal. */
export function digestOf(content: string | Uint8Array, name: DigestName): string {
  return createHash(algorithms[name]).update(content).digest("hex");
}

const algorithms = { MD5Sum: "md5", SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const;
