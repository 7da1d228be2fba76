/** Support for the tests of this folder: GnuPG with its keys and signatures, and gpgv as a second opinion. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TrustError } from "./errors.ts";
import { readKeyring } from "./key/keyring.ts";
import type { SignaturePolicy } from "./signature/policy.ts";
import type { VerifiedRelease } from "./verify.ts";

export interface KeyOptions {
  /** The faked time of gpg, as 20200131T000000. */
  readonly at?: string;
  readonly expires?: string;
  readonly args?: readonly string[];
}

/** A private home of GnuPG, with its agent. Close it. Keys are called by their names. */
export class Gpg {
  /** Directly below /tmp: the path of the agent's socket must fit into 108 bytes. */
  readonly #dir = mkdtempSync("/tmp/trust-");
  readonly #env = { PATH: "/usr/bin:/bin", GNUPGHOME: join(this.#dir, "h"), LC_ALL: "C" };
  #filesWritten = 0;

  constructor() {
    mkdirSync(this.#env.GNUPGHOME, { mode: 0o700 });
  }

  close(): void {
    execFileSync("/usr/bin/gpgconf", ["--kill", "all"], { env: this.#env });
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Runs gpg in batch mode and returns its output. */
  run(
    args: readonly string[],
    options: { readonly input?: string | Uint8Array; readonly at?: string } = {},
  ): Buffer {
    const clock = options.at === undefined ? [] : ["--faked-system-time", `${options.at}!`];
    const fixed = [
      "--batch",
      "--yes",
      "--quiet",
      "--no-tty",
      "--pinentry-mode",
      "loopback",
      "--passphrase",
      "",
    ];
    return execFileSync("/usr/bin/gpg", [...fixed, ...clock, ...args], {
      env: this.#env,
      input: options.input ?? "",
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Makes a signing key and returns its fingerprint. */
  makeKey(name: string, algorithm = "ed25519", options: KeyOptions = {}): string {
    const { at, expires = "never", args = [] } = options;
    const user = `${name} <${name}@test>`;
    this.run([...args, "--quick-generate-key", user, algorithm, "sign", expires], clockOf(at));
    return this.fingerprints(name)[0] ?? "";
  }

  addSubkey(name: string, options: KeyOptions = {}): void {
    const { at, expires = "never" } = options;
    this.run(["--quick-add-key", this.fingerprints(name)[0] ?? "", "ed25519", "sign", expires], clockOf(at));
  }

  /** Applies the revocation certificate that gpg made together with the key. */
  revoke(name: string): void {
    const certificate = this.readHome(`openpgp-revocs.d/${this.fingerprints(name)[0]}.rev`).toString();
    // gpg writes a colon before the armor, so that nobody imports it by accident.
    this.run(["--import"], { input: certificate.replace(":-----BEGIN", "-----BEGIN") });
  }

  /** Revokes the first subkey. */
  revokeSubkey(name: string, ...args: string[]): void {
    this.#revokeByHand(name, ["key 1"], "0", args);
  }

  /** Revokes a key because another one replaces it. */
  supersede(name: string, at: string, ...args: string[]): void {
    this.#revokeByHand(name, [], "2", args, at);
  }

  #revokeByHand(name: string, choice: string[], reason: string, args: readonly string[], at?: string): void {
    const input = [...choice, "revkey", "y", reason, "", "y", "save", ""].join("\n");
    const command = [...args, "--command-fd", "0", "--edit-key", this.fingerprints(name)[0] ?? ""];
    this.run(command, { input, ...clockOf(at) });
  }

  /** Fingerprints of a key and its subkeys, in order. */
  fingerprints(name: string): string[] {
    const args = ["--with-colons", "--with-subkey-fingerprint", "--list-keys", exactly(name)];
    const lines = this.run(args).toString().split("\n");
    return lines.flatMap((line) => (line.startsWith("fpr:") ? [line.split(":")[9] ?? ""] : []));
  }

  export(...names: string[]): Buffer {
    return this.run(["--export", ...names.map(exactly)]);
  }

  /** Clearsigns. A signer is a name, or a fingerprint with "!" to choose between a key and its subkeys. */
  clearsign(body: string, signers: readonly string[], at?: string, ...args: string[]): string {
    const users = signers.flatMap((signer) => ["--local-user", exactly(signer)]);
    const options = { input: bytesOf(body), ...clockOf(at) };
    return this.run([...args, ...users, "--clearsign"], options).toString("latin1");
  }

  /** Makes a detached signature; binary unless `args` say otherwise. */
  detach(body: string, signer: string, ...args: string[]): Buffer {
    return this.run([...args, "--local-user", exactly(signer), "--detach-sign"], { input: bytesOf(body) });
  }

  /**
   * Returns gpgv's status of each signature of a clearsigned file, or of a detached one: GOODSIG, BADSIG, EXPKEYSIG, …
   */
  gpgv(keyring: Uint8Array, signed: string, detachedFrom?: string): string[] {
    const data = detachedFrom === undefined ? [] : [this.#write(bytesOf(detachedFrom))];
    const files = ["--keyring", this.#write(keyring), this.#write(bytesOf(signed)), ...data];
    const { stdout } = spawnSync("/usr/bin/gpgv", ["--status-fd", "1", ...files], { env: this.#env });
    return [...stdout.toString().matchAll(/^\[GNUPG:\] ([A-Z]+SIG) [0-9A-F]{16} /gm)].map(
      (match) => match[1] ?? "",
    );
  }

  /** Returns apt's result for a clearsigned file. apt splits it itself before it calls gpgv. */
  apt(keyring: Uint8Array, clearsigned: string): "accepted" | "refused" {
    const [key, file] = [this.#write(keyring, ".gpg"), this.#write(bytesOf(clearsigned))];
    const lines = ["600 URI Acquire", `URI: gpgv:${file}`, `Filename: ${file}`, `Signed-By: ${key}`];
    const configuration = this.#write(bytesOf('Dir::Etc::parts "/nonexistent"; APT::Sandbox::User "root";'));
    const { stdout } = spawnSync("/usr/lib/apt/methods/gpgv", {
      env: { ...this.#env, APT_CONFIG: configuration },
      input: `${lines.join("\n")}\n\n`,
    });
    const answer = /^(?:201 URI Done|400 URI Failure)$/m.exec(stdout.toString())?.[0];
    if (answer === undefined) throw new Error(`apt's method said: ${stdout.toString()}`);
    return answer.startsWith("201") ? "accepted" : "refused";
  }

  readHome(path: string): Buffer {
    return readFileSync(join(this.#env.GNUPGHOME, path));
  }

  #write(bytes: Uint8Array, suffix = ""): string {
    const path = join(this.#dir, `file${this.#filesWritten++}${suffix}`);
    writeFileSync(path, bytes);
    return path;
  }
}

const clockOf = (at: string | undefined): { at?: string } => (at === undefined ? {} : { at });

/** Makes gpg search for the whole name; by default it matches parts of names. */
function exactly(nameOrFingerprint: string): string {
  if (/^[0-9A-F]{40}!?$/.test(nameOrFingerprint)) return nameOrFingerprint;
  return `=${nameOrFingerprint} <${nameOrFingerprint}@test>`;
}

export const bytesOf = (latin1: string): Buffer => Buffer.from(latin1, "latin1");

/** Returns the packets of a file's signature. */
export function packetsOf(clearsigned: string): Buffer {
  const block = clearsigned.slice(clearsigned.indexOf("-----BEGIN PGP SIGNATURE-----"));
  return Buffer.from(block.replace(/^-----.*|^=.*/gm, ""), "base64");
}

/**
 * Returns a clearsigned file with other signatures, all of them in one armor block. gpgv accepts only digests that its
 * header names.
 */
export function withSignatures(clearsigned: string, ...packets: readonly Uint8Array[]): string {
  const start = clearsigned.indexOf("-----BEGIN PGP SIGNATURE-----");
  const message = clearsigned
    .slice(0, start)
    .replace(/^Hash: .*/m, "Hash: SHA1,RIPEMD160,SHA224,SHA256,SHA384,SHA512");
  const data = Buffer.concat(packets).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `${message}-----BEGIN PGP SIGNATURE-----\n\n${data}\n-----END PGP SIGNATURE-----\n`;
}

/** Returns the first file with the signatures of all of them. */
export function inOneBlock(...clearsigned: readonly string[]): string {
  return withSignatures(clearsigned[0] ?? "", ...clearsigned.map(packetsOf));
}

export async function policyFor(
  ring: readonly Uint8Array[],
  options: Partial<SignaturePolicy> = {},
): Promise<SignaturePolicy> {
  const keyring = await readKeyring(ring.map((bytes, index) => ({ name: `${index}.gpg`, bytes })));
  const allow = { future: false, expiredKeys: false };
  return { mirror: "m", keyring, now: new Date(), signedBy: [], allow, ...options };
}

/** Returns the code of the error, or "accepted". */
export async function outcomeOf(verification: Promise<VerifiedRelease>): Promise<string> {
  try {
    await verification;
    return "accepted";
  } catch (error) {
    if (error instanceof TrustError) return error.code;
    throw error;
  }
}
