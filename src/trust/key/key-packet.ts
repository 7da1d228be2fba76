import { Buffer } from "node:buffer";

/** What the packet of a key says of itself, without a proof. */
export interface KeyPacketFacts {
  /** As gpg writes it: rsa4096, ed25519, nistp256. */
  readonly algorithm: string;
  /** Unset for a curve that is not known. */
  readonly bits: number | undefined;
  readonly createdAt: Date;
}

/** Reads the body of a key packet of version 3, 4, 5 or 6 (RFC 9580 5.5.2). Missing bytes count as zeros. */
export function readKeyPacket(body: Uint8Array): KeyPacketFacts {
  const bytes = Buffer.concat([body, Buffer.alloc(headBytesMax)]); // so that reading never passes the end
  const version = bytes.readUInt8(0);
  const algorithmAt = version < 4 ? 7 : 5;
  const materialAt = algorithmAt + (version < 5 ? 1 : 5); // version 5 and later have the length of the material
  const kind = kinds.get(bytes.readUInt8(algorithmAt));
  const createdAt = new Date(bytes.readUInt32BE(1) * 1000);
  if (kind === undefined)
    return { algorithm: `unknown algorithm ${bytes.readUInt8(algorithmAt)}`, bits: undefined, createdAt };
  if ("curve" in kind) return { algorithm: kind.curve, bits: kind.bits, createdAt };
  if (kind.hasCurve) return { ...curveAt(bytes, materialAt, kind.name), createdAt };
  const bits = bytes.readUInt16BE(materialAt); // of the first number: the modulus, or the prime
  return { algorithm: `${kind.name}${bits}`, bits, createdAt };
}

/** The longest beginning that is read: up to the longest identifier of a curve. */
const headBytesMax = 300;

type Kind =
  | { readonly curve: string; readonly bits: number }
  | { readonly name: string; readonly hasCurve: boolean };

/** RFC 9580 9.1 */
const kinds: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [1, { name: "rsa", hasCurve: false }],
  [2, { name: "rsa", hasCurve: false }],
  [3, { name: "rsa", hasCurve: false }],
  [16, { name: "elg", hasCurve: false }],
  [17, { name: "dsa", hasCurve: false }],
  [18, { name: "ecdh", hasCurve: true }],
  [19, { name: "ecdsa", hasCurve: true }],
  [22, { name: "eddsa", hasCurve: true }],
  [25, { curve: "x25519", bits: 255 }],
  [26, { curve: "x448", bits: 448 }],
  [27, { curve: "ed25519", bits: 255 }],
  [28, { curve: "ed448", bits: 448 }],
]);

function curveAt(bytes: Buffer, at: number, kind: string): Pick<KeyPacketFacts, "algorithm" | "bits"> {
  const id = bytes.subarray(at + 1, at + 1 + bytes.readUInt8(at)).toString("hex");
  const [algorithm, bits] = curves.get(id) ?? [`${kind} on an unknown curve`, undefined];
  return { algorithm, bits };
}

/** By object identifier, RFC 9580 9.2. Names and sizes are those of gpg. */
const curves: ReadonlyMap<string, readonly [name: string, bits: number]> = new Map([
  ["2a8648ce3d030107", ["nistp256", 256]],
  ["2b81040022", ["nistp384", 384]],
  ["2b81040023", ["nistp521", 521]],
  ["2b2403030208010107", ["brainpoolP256r1", 256]],
  ["2b240303020801010b", ["brainpoolP384r1", 384]],
  ["2b240303020801010d", ["brainpoolP512r1", 512]],
  ["2b8104000a", ["secp256k1", 256]],
  ["2b06010401da470f01", ["ed25519", 255]],
  ["2b060104019755010501", ["cv25519", 255]],
]);
