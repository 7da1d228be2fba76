import { join } from "node:path";
import { readSmallFileIfAny } from "../../../platform/look.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import {
  parseRelease,
  type Release,
  RepositoryError,
  type SignatureFileName,
  type Suite,
  signatureBytesMax,
  signatureFileNames,
} from "../../../repository/index.ts";
import type { SyncState } from "../../../store/index.ts";
import { readUnverifiedInRelease, TrustError } from "../../../trust/index.ts";
import type { KnownValidators } from "../../../upstream/index.ts";
import type { LookContext } from "../sync-context.ts";
import type { SignatureFile } from "./signature-files.ts";

export type HeldPorts = Pick<LookContext, "working" | "state" | "selection">;

/** What is needed to download and verify Releases. */
export type ReleasePorts = Pick<
  LookContext,
  "mirror" | "upstream" | "pause" | "signal" | "now" | "emit" | "invokerFiles" | "pgpCheck"
>;

/** The same for one suite, and what is held of it. */
export interface SuiteContext extends ReleasePorts {
  readonly suite: Suite;
  readonly held: HeldSuite;
}

/** The files beside InRelease, for clients that do not request that one. */
const [, ...companionNames] = signatureFileNames;

/** The signature files of a suite in the working mirror, and what the last sync recorded about them. */
export class HeldSuite {
  readonly #suite: Suite;
  readonly #ports: HeldPorts;

  constructor(suite: Suite, ports: HeldPorts) {
    this.#suite = suite;
    this.#ports = ports;
  }

  /** Reads a file. It was verified when it was downloaded, and "not modified" means these bytes. */
  bytes(name: SignatureFileName): Buffer<ArrayBuffer> | undefined {
    const generation = this.#ports.working.current();
    return (
      generation && readSmallFileIfAny(join(generation.path, this.#suite.path(name)), signatureBytesMax[name])
    );
  }

  /** Release and Release.gpg, if they are held beside an InRelease. */
  get companions(): readonly SignatureFile[] {
    return companionNames.flatMap((name) => {
      const bytes = this.bytes(name);
      return bytes === undefined ? [] : [{ name, bytes, lastModified: undefined }];
    });
  }

  /** True if Release and Release.gpg are the bytes that were downloaded, as far as that is recorded. */
  get areCompanionsIntact(): boolean {
    const recorded = this.#ports.state?.facts?.signatureFiles;
    return companionNames.every((name) => {
      const bytes = this.bytes(name);
      const sha256 = bytes && digestsOf(bytes).sha256;
      return recorded === undefined || sha256 === recorded[this.#suite.path(name)];
    });
  }

  /** True if the last sync downloaded every Release and Release.gpg that upstream had beside this InRelease. */
  get hasAllCompanions(): boolean {
    const recorded = this.#recorded;
    return recorded !== undefined && recorded.companionsLeftOut !== true;
  }

  /** True if the working mirror has these signature files, byte for byte, and no other. */
  hasExactly(files: readonly SignatureFile[]): boolean {
    return signatureFileNames.every((name) => {
      const held = this.bytes(name);
      const file = files.find((candidate) => candidate.name === name);
      return held === undefined ? file === undefined : file !== undefined && file.bytes.equals(held);
    });
  }

  /** For a conditional request of InRelease. Undefined if another upstream or other things were asked for. */
  get validators(): KnownValidators | undefined {
    const recorded = this.#recorded;
    if (recorded === undefined) return undefined;
    const { etag, lastModified, from } = recorded;
    return { etag, lastModified, from };
  }

  /** The Release in each form that is held. A server that hides InRelease must not get past comparisons with it. */
  get releases(): readonly Release[] {
    const inline = this.bytes("InRelease");
    const detached = this.bytes("Release");
    return [
      inline && parseHeld(() => readUnverifiedInRelease(inline).text),
      detached && parseHeld(() => detached.toString("latin1")),
    ].filter((release) => release !== undefined);
  }

  /** Of the last sync, if the working mirror is its tree and the configuration is the same. */
  get #recorded(): SyncState["suites"][number] | undefined {
    const { state, selection, working } = this.#ports;
    if (state?.selection !== selection || state.generation !== working.current()?.name) return undefined;
    return state.suites.find(({ suite }) => suite === this.#suite.name);
  }
}

/** Returns undefined for a file that the disk has damaged since it was verified: there is nothing to compare with. */
function parseHeld(read: () => string): Release | undefined {
  try {
    return parseRelease(read(), "the Release held");
  } catch (error) {
    if (error instanceof TrustError || error instanceof RepositoryError) return undefined;
    throw error;
  }
}
