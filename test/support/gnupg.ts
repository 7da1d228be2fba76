import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram, systemPath } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A home directory of real GnuPG with an archive key: an RSA key that certifies and an ed25519 sub-key that signs. */
export interface Gnupg extends AsyncDisposable {
  /** Fingerprint of the primary key. */
  readonly fingerprint: string;
  /** The armored public key. */
  readonly keyFile: string;
  readonly publicKeyArmored: string;
  /** For programs that sign by calling gpg. */
  readonly env: Readonly<Record<string, string>>;
  /** Signs a Release: writes InRelease, Release.gpg or both into its directory. */
  signRelease(dir: string, names?: readonly ("InRelease" | "Release.gpg")[]): Promise<void>;
}

export async function createGnupg(): Promise<Gnupg> {
  const home = await temporaryDirectory("gnupg-"); // the path of the agent's socket below it may have 108 bytes
  const env = { PATH: systemPath, LC_ALL: "C", HOME: home.path, GNUPGHOME: home.path };
  const gpg = async (...args: readonly string[]): Promise<string> => {
    const common = ["--batch", "--yes", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
    const { exitCode, stdout, output } = await runProgram("gpg", [...common, ...args], { env });
    if (exitCode !== 0) throw new Error(`gpg ${args.join(" ")} failed with ${exitCode}: ${output}`);
    return stdout.toString();
  };
  await gpg("--quick-generate-key", "Test Archive <archive@example.org>", "rsa2048", "cert", "never");
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(await gpg("--list-keys", "--with-colons"))?.[1];
  if (fingerprint === undefined) throw new Error("gpg made no key");
  await gpg("--quick-add-key", fingerprint, "ed25519", "sign", "never");
  const publicKeyArmored = await gpg("--armor", "--export", fingerprint);
  const keyFile = home.join("archive.asc");
  await writeFile(keyFile, publicKeyArmored);
  return {
    fingerprint,
    keyFile,
    publicKeyArmored,
    env,
    async signRelease(dir, names = ["InRelease", "Release.gpg"]) {
      for (const name of names) {
        const how = name === "InRelease" ? ["--clearsign"] : ["--armor", "--detach-sign"];
        await gpg("--output", join(dir, name), ...how, join(dir, "Release"));
      }
    },
    async [Symbol.asyncDispose]() {
      await runProgram("gpgconf", ["--kill", "all"], { env });
      await home[Symbol.asyncDispose]();
    },
  };
}
