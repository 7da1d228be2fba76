import { createHash } from "node:crypto";
import {
  type BigIntStats,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { runProgram } from "./run-program.ts";
import type { SigningKey } from "./signing-key.ts";

/** A whole tree, as a client would find it. */
export interface ServedTree {
  /** Digest of its InRelease, which determines all other files. */
  readonly identity: string;
  /** Its own files, sorted, without those that it carries for clients of an earlier tree. */
  readonly paths: readonly string[];
}

export interface ServedTreeOptions {
  /** A directory for a keyring. */
  readonly dir: string;
  readonly key: SigningKey;
  readonly suite: string;
}

/**
 * Checks trees as a client does that trusts one key: gpgv for the signature, then each file that Release, Packages and
 * the SHA256SUMS of installer images list, by SHA-256 and by listed size. Each file is read once, however many trees
 * share it. Indices must be plain or .gz.
 */
export class ServedTreeReader {
  readonly #keyring: string;
  readonly #suite: string;
  readonly #digests = new Map<string, string>();
  readonly #signed = new Map<string, string>();
  /** Every file that any good tree listed, and that may be carried. */
  readonly #known = new Set<string>();

  constructor({ dir, key, suite }: ServedTreeOptions) {
    this.#keyring = join(dir, "served-tree-keyring.gpg");
    writeFileSync(this.#keyring, key.publicKeyBinary);
    this.#suite = suite;
  }

  /** Returns undefined if a link leads nowhere. Throws if the tree is not whole. */
  async read(path: string): Promise<ServedTree | undefined> {
    if (!existsSync(path)) return undefined;
    const root = realpathSync(path);
    const inRelease = readFileSync(join(root, this.#directory, "InRelease"));
    const identity = sha256(inRelease);
    const listed = this.#listedIn(root, await this.#verified(identity, inRelease));
    const carried = recordedAsCarried(root);
    const paths = [...walk(root)].toSorted();
    const own = paths.filter((name) => !carried.has(name));
    const problems = [
      ...paths.flatMap((name) => this.#problemsOf(root, name, listed.get(name), carried.has(name))),
      ...[...listed.keys()].filter((name) => !paths.includes(name)).map((name) => `${name} is missing`),
    ];
    if (problems.length > 0) throw new Error(`${path}:\n${problems.join("\n")}`);
    for (const { digest } of listed.values()) this.#known.add(digest);
    return { identity, paths: own };
  }

  get #directory(): string {
    return `dists/${this.#suite}`;
  }

  /** Returns the signed text. */
  async #verified(identity: string, inRelease: Buffer): Promise<string> {
    const known = this.#signed.get(identity);
    if (known !== undefined) return known;
    const args = ["--keyring", this.#keyring, "--output", "-"];
    const { exitCode, output, stdout } = await runProgram("gpgv", args, { input: inRelease });
    if (exitCode !== 0) throw new Error(`gpgv: ${output}`);
    const text = stdout.toString();
    this.#signed.set(identity, text);
    return text;
  }

  /** Returns the required files: signature files, indices in at least one form, packages. */
  #listedIn(root: string, release: string): Map<string, Listed> {
    const listed = new Map<string, Listed>();
    for (const [, digest = "", size = "", name = ""] of release.matchAll(
      /^ ([0-9a-f]{64}) +(\d+) (\S+)$/gm,
    )) {
      const path = join(this.#directory, name);
      if (!existsSync(join(root, path))) continue;
      listed.set(path, { digest, sizeBytes: Number(size) });
      if (name.endsWith("/Packages.gz") || name.endsWith("/Packages"))
        for (const [file, stanza] of packagesIn(readFileSync(join(root, path)))) listed.set(file, stanza);
      if (name.endsWith("/images/SHA256SUMS"))
        for (const [file, image] of imagesIn(readFileSync(join(root, path), "utf8")))
          listed.set(join(dirname(path), file), image);
    }
    if (![...listed.keys()].some((path) => /\/Packages(?:\.gz)?$/.test(path)))
      throw new Error(`${root} has no Packages`);
    return listed;
  }

  #problemsOf(root: string, name: string, listed: Listed | undefined, isCarried: boolean): string[] {
    const path = join(root, name);
    const stats = lstatSync(path, { bigint: true });
    if (!stats.isFile()) return [`${name} is not a file`];
    if ((stats.mode & 0o777n) !== 0o644n) return [`${name} has mode ${stats.mode.toString(8)}`];
    const digest = this.#digestOf(path, stats);
    if (listed !== undefined) {
      const isListed = digest === listed.digest && stats.size === BigInt(listed.sizeBytes ?? stats.size);
      return isListed ? [] : [`${name} has other bytes than are listed`];
    }
    if (dirname(name).endsWith("/by-hash/SHA256"))
      return digest === basename(name) ? [] : [`${name} is not what its name says`];
    if (isCarried) return this.#known.has(digest) ? [] : [`${name} is carried, and was never listed`];
    return signatureFiles.has(basename(name)) ? [] : [`${name} is not listed`];
  }

  #digestOf(path: string, { ino, size, mtimeNs, birthtimeNs }: BigIntStats): string {
    const file = [ino, size, mtimeNs, birthtimeNs].join(" ");
    const digest = this.#digests.get(file) ?? sha256(readFileSync(path));
    this.#digests.set(file, digest);
    return digest;
  }
}

interface Listed {
  readonly digest: string;
  /** Undefined for an installer image, whose size is listed nowhere. */
  readonly sizeBytes?: number;
}

const signatureFiles: ReadonlySet<string> = new Set(["InRelease", "Release", "Release.gpg"]);

function packagesIn(index: Buffer): readonly (readonly [path: string, listed: Listed])[] {
  const text = (index.readUInt16BE(0) === 0x1f8b ? gunzipSync(index) : index).toString();
  return text
    .split("\n\n")
    .filter((stanza) => stanza.trim() !== "")
    .map((stanza) => {
      const field = (name: string): string => new RegExp(`^${name}: (.+)$`, "m").exec(stanza)?.[1] ?? "";
      return [field("Filename"), { digest: field("SHA256"), sizeBytes: Number(field("Size")) }] as const;
    });
}

/** Relative to the list, as `sha256sum` writes it. */
const imagesIn = (list: string): readonly (readonly [path: string, listed: Listed])[] =>
  [...list.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, digest = "", path = ""]) => [path, { digest }]);

/** Beside the tree; see ARCHITECTURE.md, section 6. */
function recordedAsCarried(root: string): ReadonlySet<string> {
  const record = join(dirname(root), ".carried", `${basename(root)}.json`);
  if (!existsSync(record)) return new Set();
  const { carried } = JSON.parse(readFileSync(record, "utf8")) as { carried: { paths: string[] }[] };
  return new Set(carried.flatMap(({ paths }) => paths));
}

function* walk(root: string, below = ""): Generator<string> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    else yield path;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
