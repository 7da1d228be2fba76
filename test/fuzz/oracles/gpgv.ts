import { ok } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { runProgram, temporaryDirectory } from "../../support/index.ts";
import { systemPath } from "../../support/run-program.ts";
import type { Oracle } from "../engine/target.ts";

export interface Gpgv extends AsyncDisposable {
  /** Runs gpgv over files with these contents, the last of which is what was signed unless it is clearsigned. */
  verify(keyring: Uint8Array, ...files: readonly Uint8Array[]): Promise<GpgvAnswer>;
  /** Throws unless apt accepts a clearsigned file, which it takes apart itself before it asks gpgv. */
  acceptByApt(keyring: Uint8Array, clearsigned: Uint8Array): Promise<void>;
}

export interface GpgvAnswer {
  /** The lines of status, and what gpgv says besides. */
  readonly status: string;
  /** Of a clearsigned file; latin1. */
  readonly text: string;
}

export async function openGpgv(): Promise<Gpgv> {
  const dir = await temporaryDirectory("gpgv-");
  const write = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(dir.join(name), bytes);
    return dir.join(name);
  };
  return {
    async verify(keyring, ...files) {
      const paths = await Promise.all(files.map((file, index) => write(`file${index}`, file)));
      const options = ["--homedir", dir.path, "--keyring", await write("keyring.gpg", keyring)];
      const args = [...options, "--status-fd", "2", "--output", "-", ...paths];
      const { stdout, output } = await runProgram("gpgv", args);
      return { status: output, text: stdout.toString("latin1") };
    },
    async acceptByApt(keyring, clearsigned) {
      const [key, file] = [await write("keyring.gpg", keyring), await write("InRelease", clearsigned)];
      const settings = Buffer.from('Dir::Etc::parts "/nonexistent"; APT::Sandbox::User "root";\n');
      const env = { PATH: systemPath, LC_ALL: "C", APT_CONFIG: await write("apt.conf", settings) };
      const question = `600 URI Acquire\nURI: gpgv:${file}\nFilename: ${file}\nSigned-By: ${key}\n\n`;
      const { output } = await runProgram("/usr/lib/apt/methods/gpgv", [], { env, input: question });
      ok(/^201 URI Done$/m.test(output), `apt does not take it: ${output}`);
    },
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

/** Throws unless gpgv found a good signature and no bad one; those by unknown keys do not matter. */
export function checkStatus(status: string): void {
  ok(/^\[GNUPG:\] VALIDSIG /m.test(status), `gpgv finds no good signature: ${status}`);
  ok(!/^\[GNUPG:\] BADSIG /m.test(status), `gpgv finds a bad signature: ${status}`);
}

/** A detached signature with what it is over and by whom. */
export interface SignedFile {
  readonly keyring: Uint8Array;
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
}

/** gpgv must find a good signature wherever mirrorctl did; what comes to no file is passed over. */
export async function openSignatureOracle(
  fileOf: (input: Uint8Array) => Promise<SignedFile | undefined>,
): Promise<Oracle> {
  const gpgv = await openGpgv();
  return {
    async compare(inputs) {
      for (const input of inputs) {
        const file = await fileOf(input);
        if (file === undefined) continue;
        checkStatus((await gpgv.verify(file.keyring, file.signature, file.signed)).status);
      }
    },
    [Symbol.asyncDispose]: () => gpgv[Symbol.asyncDispose](),
  };
}
