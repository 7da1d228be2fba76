import { type FoundFile, SoughtFiles } from "../../../found-files/index.ts";
import type { WantedIndex } from "../../../plan/index.ts";
import { pacedBatches } from "../../../platform/flow/paced.ts";
import type { ListedFile, Suite } from "../../../repository/index.ts";
import type { ObjectReader } from "../../../store/index.ts";
import type { Ports } from "../../context.ts";
import { missingForms } from "../tree/space-needed.ts";
import type { FoundDirectories, Reused } from "./found-directories.ts";
import { FoundIntake, type FoundIntakePorts } from "./found-intake.ts";
import { FoundWalk } from "./found-walk.ts";
import { matchByName, search } from "./search.ts";

interface FoundPorts extends FoundIntakePorts, Ports<"mirror"> {
  readonly objects: ObjectReader;
}

/** Directories with this name have packages alone: they are walked once it is known which of them are missing. */
const packageDirectories: ReadonlySet<string> = new Set(["pool"]);

/**
 * Takes what lies in directories of this disk into the tree, in place of downloads. What becomes an object is decided by its
 * digests alone.
 */
export class FoundFiles {
  readonly #ports: FoundPorts;
  readonly #link: boolean;
  readonly #walk: FoundWalk;
  /** What was met outside of the directories of packages. */
  readonly #met: FoundFile[] = [];

  constructor(ports: FoundPorts, { directories, link }: FoundDirectories) {
    this.#ports = ports;
    this.#link = link;
    this.#walk = new FoundWalk(ports, directories);
  }

  /** Takes the indices of a suite that are not held. Who reads them hashes them again. */
  async takeIndices(suite: Pick<Suite, "path">, indices: readonly WantedIndex[]): Promise<void> {
    const missing = missingForms(this.#ports.objects, indices)
      .filter(({ digests }) => digests.sha256 !== undefined)
      .map((entry) => ({ ...entry, path: suite.path(entry.name) }));
    if (missing.length === 0) return;
    await this.#walk.visit((file) => void this.#met.push(file), packageDirectories);
    const sought = await this.#seek(missing);
    await search(this.#ports, sought, new FoundIntake(this.#ports, this.#link));
  }

  /**
   * Takes what is missing, and returns what is still missing. `assertRoomFor` gets what will take space: what must be copied or
   * downloaded.
   */
  async take<File extends ListedFile>(
    missing: readonly File[],
    assertRoomFor: (files: readonly File[]) => void = () => undefined,
  ): Promise<{ readonly reused: Reused; readonly missing: readonly File[] }> {
    const sought = await this.#seek(missing);
    await this.#walk.visit((file) => sought.note(file));
    const intake = new FoundIntake(this.#ports, this.#link);
    const sharing = matchByName(sought, intake, 0).filter(({ from }) => intake.sharesSpace(from));
    const free = new Set<ListedFile>(sharing.flatMap(({ files }) => files));
    assertRoomFor(missing.filter((file) => !free.has(file)));
    await search(this.#ports, sought, intake);
    intake.report();
    return { reused: intake.reused, missing: missing.filter((file) => !intake.has(file)) };
  }

  /** Looks for files among what was met. */
  async #seek(missing: readonly ListedFile[]): Promise<SoughtFiles<ListedFile>> {
    const sought = new SoughtFiles<ListedFile>(missing);
    for await (const files of pacedBatches(this.#met, this.#ports.signal, filesPerTurn))
      for (const file of files) sought.note(file);
    return sought;
  }
}

/** A few look-ups in tables for each. */
const filesPerTurn = 5_000;
