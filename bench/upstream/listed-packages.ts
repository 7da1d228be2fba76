import { createCipheriv, createHash } from "node:crypto";

/** One version of a package of the upstream. */
export interface ListedPackage {
  readonly name: string;
  readonly version: number;
  readonly path: string;
  readonly sizeBytes: number;
}

/** The spread of package sizes in Debian: the standard deviation of their natural logarithm. */
const sigma = 1.5;
const sizeMin = 64;
const binariesOfSource = 2;

/** Lists packages of log-normal sizes that add up to about `bytes`, the same ones each time. */
export function listPackages(count: number, bytes: number): ListedPackage[] {
  const weights = Array.from({ length: count }, (_, index) => Math.exp(sigma * normal(index)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) =>
    listPackage(nameOf(index), 1, Math.max(sizeMin, Math.round((bytes * weight) / total))),
  );
}

export const nextVersion = ({ name, version, sizeBytes }: ListedPackage): ListedPackage =>
  listPackage(name, version + 1, sizeBytes);

function listPackage(name: string, version: number, sizeBytes: number): ListedPackage {
  const source = name.slice(0, name.lastIndexOf("-"));
  const path = `pool/main/${name[0]}/${source}/${name}_1.${version}-1_amd64.deb`;
  return { name, version, path, sizeBytes };
}

function nameOf(index: number): string {
  const source = Math.floor(index / binariesOfSource);
  const letter = String.fromCharCode(97 + (source % 26));
  return `${letter}source${source}-bin${index % binariesOfSource}`;
}

/** Returns a normally distributed number for `index` (Box and Muller, 1958). */
function normal(index: number): number {
  const bytes = createHash("sha256").update(`size ${index}`).digest();
  const [first, second] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)].map((word) => (word + 1) / 2 ** 32);
  return Math.sqrt(-2 * Math.log(first ?? 1)) * Math.cos(2 * Math.PI * (second ?? 0));
}

/** Returns bytes that do not compress, the same ones for the same package. */
export function contentOf({ path, sizeBytes }: ListedPackage): Buffer {
  const key = createHash("md5").update(path).digest();
  return createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
}
