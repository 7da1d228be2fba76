import { ok } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { runProgram, temporaryDirectory } from "../../support/index.ts";
import { systemPath } from "../../support/run-program.ts";
import type { Oracle } from "../engine/target.ts";

export interface Gpgv extends AsyncDisposable {
  /** Runs gpgv on files with these contents. The last one is the signed text, unless it is clearsigned. */
  verify(keyring: Uint8Array, ...files: readonly Uint8Array[]): Promise<GpgvAnswer>;
  /** Throws unless apt accepts a clearsigned file. apt splits it itself before it calls gpgv. */
  acceptByApt(keyring: Uint8Array, clearsigned: Uint8Array): Promise<void>;
}

export interface GpgvAnswer {
  /** The status lines, and the other output of gpgv. */
  readonly status: string;
  /** The text of a clearsigned file, as latin1. */
  readonly text: string;
}

export async function openGpgv(): Promise<Gpgv> {
  const dir = await temporaryDirectory("gpgv-");
  let asked = 0;
  /** Calls may run at the same time: each has its own directory. */
  const inDirectory = async <Answer>(ask: (write: Write) => Promise<Answer>): Promise<Answer> => {
    await using own = await temporaryDirectory(`${asked++}-`, dir.path);
    return await ask(async (name, bytes) => {
      await writeFile(own.join(name), bytes);
      return own.join(name);
    });
  };
  return {
    verify: (keyring, ...files) =>
      inDirectory(async (write) => {
        const paths = await Promise.all(files.map((file, index) => write(`file${index}`, file)));
        const options = ["--homedir", dir.path, "--keyring", await write("keyring.gpg", keyring)];
        const args = [...options, "--status-fd", "2", "--output", "-", ...paths];
        const { stdout, output } = await runProgram("gpgv", args, { timeoutMs });
        return { status: output, text: stdout.toString("latin1") };
      }),
    acceptByApt: (keyring, clearsigned) =>
      inDirectory(async (write) => {
        const [key, file] = [await write("keyring.gpg", keyring), await write("InRelease", clearsigned)];
        const settings = Buffer.from('Dir::Etc::parts "/nonexistent"; APT::Sandbox::User "root";\n');
        const env = { PATH: systemPath, LC_ALL: "C", APT_CONFIG: await write("apt.conf", settings) };
        const method = "/usr/lib/apt/methods/gpgv";
        const question = `600 URI Acquire\nURI: gpgv:${file}\nFilename: ${file}\nSigned-By: ${key}\n\n`;
        const { output } = await runProgram(method, [], { env, input: question, timeoutMs });
        ok(/^201 URI Done$/m.test(output), `apt does not take it: ${output}`);
      }),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

/** `make fuzz` runs them with the lowest priority, which may mean never on a busy machine. */
const timeoutMs = 300_000;

type Write = (name: string, bytes: Uint8Array) => Promise<string>;

/** Throws unless gpgv found a good signature and no bad one; signatures by unknown keys do not matter. */
export function checkStatus(status: string): void {
  ok(/^\[GNUPG:\] VALIDSIG /m.test(status), `gpgv finds no good signature: ${status}`);
  ok(!/^\[GNUPG:\] BADSIG /m.test(status), `gpgv finds a bad signature: ${status}`);
}

/** Runs `compare` for each input, a few at a time, because it mostly waits for a program to start. */
export async function fewAtOnce(
  inputs: readonly Uint8Array[],
  compare: (input: Uint8Array) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < inputs.length; at += 3) await Promise.all(inputs.slice(at, at + 3).map(compare));
}

/** A detached signature with its text and its key. */
export interface SignedFile {
  readonly keyring: Uint8Array;
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
}

/** gpgv must find a good signature if mirrorctl did. */
export async function openSignatureOracle(fileOf: (input: Uint8Array) => SignedFile): Promise<Oracle> {
  const gpgv = await openGpgv();
  const compare = async (input: Uint8Array): Promise<void> => {
    const { keyring, signature, signed } = fileOf(input);
    const { status } = await gpgv.verify(keyring, signature, signed);
    // gpgv stops at an unknown digest even if another signature is good, so that result says nothing.
    if (!status.includes("can't hash datafile")) checkStatus(status);
  };
  return {
    compare: (inputs) => fewAtOnce(inputs, compare),
    [Symbol.asyncDispose]: () => gpgv[Symbol.asyncDispose](),
  };
}
