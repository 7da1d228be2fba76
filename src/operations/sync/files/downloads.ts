import type { MirrorctlError } from "../../../errors.ts";
import type { Turns } from "../../../platform/flow/turns.ts";
import { statLinkIfAny } from "../../../platform/look.ts";
import {
  encodePath,
  type ListedFile,
  type RepositoryPath,
  unlistedBytesMax,
} from "../../../repository/index.ts";
import {
  type LackedFile,
  mayBeContinued,
  PartialFile,
  partialPath,
  type SentBytes,
} from "../../../store/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { Upstream } from "../../../upstream/index.ts";
import { carryHint } from "../broken-upstream.ts";
import { encodedBytesMax } from "./content-encoding.ts";
import { IncomingFile, type IncomingPorts, stillWrong } from "./incoming-file.ts";
import { type Intake, keepListed } from "./intake.ts";

export type Downloaded =
  /** The bytes were in the store, or an earlier run had downloaded all of them. */
  { readonly kind: "held" } | { readonly kind: "downloaded"; readonly sizeBytes: number } | Absent | Refused;

/** No path has the file. The status and the URL are those of the last; without a status, it is a path of a directory. */
export interface Absent {
  readonly kind: "absent";
  readonly status: number | undefined;
  readonly url: string;
}

/** Upstream has other bytes than those that are listed. They are not kept. */
export interface Refused {
  readonly kind: "refused";
  readonly error: TrustError;
  /** How the server identified them; undefined if their length alone was wrong. */
  readonly sent: SentBytes | undefined;
}

export interface DownloadOptions {
  readonly link?: Intake["linkHeld"];
  /** What an earlier sync found in place of the file: the same wrong bytes are not downloaded again. */
  readonly known?: LackedFile | undefined;
}

export interface DownloadPorts extends IncomingPorts {
  readonly upstream: Upstream;
  /** By content: those who need the same bytes at the same time download them once. */
  readonly turns: Turns;
}

/**
 * The downloads of one sync. Those of the same bytes wait for one another, also in other syncs: once the first has come, the
 * others are links. If it fails, the next one downloads the bytes, from its own upstream.
 */
export class Downloads {
  readonly #ports: DownloadPorts;

  constructor(ports: DownloadPorts) {
    this.#ports = ports;
  }

  /** Returns whether somebody downloads the same bytes now. */
  areUnderWay(intake: Intake, file: ListedFile): boolean {
    return this.#ports.turns.isTaken(contentOf(intake, file));
  }

  /**
   * Puts a listed file into the tree: links it if its bytes are held, otherwise downloads it from the first of `paths`
   * (below the base URL) that serves it, checks its size and every listed digest, and names it as an object.
   */
  async download(
    intake: Intake,
    file: ListedFile,
    paths: readonly RepositoryPath[],
    { link = intake.linkHeld, known }: DownloadOptions = {},
  ): Promise<Downloaded> {
    const { turns, signal, emit } = this.#ports;
    return turns.take(contentOf(intake, file), signal, async () => {
      if ((await link(file)) || (await adoptWhole(intake, file))) return { kind: "held" };
      let absent: Absent | undefined;
      let refused: Refused | undefined;
      for (const path of paths) {
        let result = await this.#request(intake, file, path, { fresh: known !== undefined, known });
        if (
          result.kind === "refused" &&
          known === undefined &&
          this.#ports.upstream.directory === undefined
        ) {
          // A cache on the way may have sent wrong bytes: it is bypassed before they count as upstream's.
          emit({ type: "caches-bypassed", reason: result.error.message });
          result = await this.#request(intake, file, path, { fresh: true });
        }
        if (result.kind === "downloaded") return result;
        if (result.kind === "absent") absent = result;
        else refused ??= result;
      }
      return refused ?? absent ?? { kind: "absent", status: 404, url: file.path };
    });
  }

  async #request(
    intake: Intake,
    file: ListedFile,
    path: RepositoryPath,
    { fresh, known }: { readonly fresh: boolean; readonly known?: LackedFile | undefined },
  ): Promise<Exclude<Downloaded, { kind: "held" }>> {
    const { upstream, signal, emit } = this.#ports;
    const { sizeBytes } = file;
    const incoming = IncomingFile.open(this.#ports, intake, file, known);
    const refused = (error: TrustError): Refused => {
      incoming.discard();
      return {
        kind: "refused",
        error: upstream.directory === undefined ? error : ofDirectory(error),
        sent: incoming.sent,
      };
    };
    try {
      const request = {
        path: encodePath(path),
        sink: incoming,
        sizeBytes,
        bytesMax: sizeBytes === undefined ? unlistedBytesMax : encodedBytesMax(sizeBytes),
        fresh,
        validators: known?.sent,
        accept: incoming.accept,
      };
      const result = await upstream.download(request, signal);
      if (result.kind === "absent") return result;
      if (result.kind === "refused") return refused(mismatchOf(result.why, file));
      if (result.kind === "not-modified") return refused(stillWrong(known));
      emit({ type: "file-fetched", path: file.path, sizeBytes: incoming.acceptedBytes });
      return { kind: "downloaded", sizeBytes: incoming.acceptedBytes };
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      return refused(error); // the headers announced the bytes that an earlier sync refused
    } finally {
      incoming.close();
    }
  }
}

/** A directory is not changing, and no cache is on the way. */
const ofDirectory = ({ code, message, facts, cause }: TrustError): TrustError =>
  new TrustError(code, message, { facts, hint: carryHint, cause });

/** Bytes that are listed without SHA-256 are known by their path alone, in each mirror for itself. */
const contentOf = (intake: Intake, file: ListedFile): string =>
  file.digests.sha256 ?? partialPath(intake.partials, file);

/**
 * A run that died after the last byte, before the object had its name, left a complete partial. It is checked like one that
 * has just come. Returns false, and removes it, if it is not the listed file.
 */
async function adoptWhole(intake: Intake, file: ListedFile): Promise<boolean> {
  const { sizeBytes } = file;
  if (sizeBytes === undefined || !mayBeContinued(sizeBytes)) return false;
  const path = partialPath(intake.partials, file);
  if (statLinkIfAny(path)?.size !== sizeBytes) return false;
  const partial = PartialFile.open(path, sizeBytes);
  if (partial.heldBytes !== sizeBytes) return false; // a killed run named it as an object
  try {
    await keepListed(intake, file, partial.finish(undefined));
    return true;
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    partial.discard();
    return false;
  }
}

/** A body whose length alone is wrong was refused before its digests were known. */
function mismatchOf(why: MirrorctlError, { path }: ListedFile): TrustError {
  if (why instanceof TrustError) return why;
  return new TrustError("SIZE_MISMATCH", `${path}: ${why.message}`, {
    facts: why.facts,
    ...(why.hint === undefined ? {} : { hint: why.hint }),
    cause: why,
  });
}
