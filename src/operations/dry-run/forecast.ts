import {
  addSpace,
  noSpace,
  type PlannedFile,
  type Space,
  shortagesOf,
  spaceOfDirectories,
  spaceOfFiles,
  subtractSpace,
  type TreePlan,
  type WantedIndex,
} from "../../plan/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { shortageText } from "../../report/words/shortage.ts";
import { partialName, StoreError } from "../../store/index.ts";
import type { SignatureFile } from "../sync/index.ts";
import {
  measureMetadata,
  missingForms,
  type NewObject,
  spaceForSnapshot,
  spaceOfObjects,
  spaceOfPartials,
  withOwn,
} from "../sync/index.ts";
import type { DryRunContext, PlaceNeed, PlaceShortage } from "./dry-run-context.ts";

/** Adds up what the steps of a sync take, and finds the step at which it would refuse. */
export class Forecast {
  readonly #context: DryRunContext;
  readonly #objects = new Map<string, number>();
  readonly #signatures: NewObject[] = [];
  /** At the indices of a suite, which a sync asks for before it knows the rest. */
  #refusals: readonly PlaceShortage[] = [];
  #others: readonly { readonly path: string; readonly space: Space }[] = [];

  constructor(context: DryRunContext) {
    this.#context = context;
  }

  /** The sizes of what a sync would add to the store, by a name that tells contents apart. */
  get objects(): ReadonlyMap<string, number> {
    return this.#objects;
  }

  /** Directories, and copies on another file system. */
  get others(): readonly { readonly path: string; readonly space: Space }[] {
    return this.#others;
  }

  /** Adds up the whole: it looks at every object. */
  needs(): readonly PlaceNeed[] {
    const { layout, freeSpace } = this.#context;
    const ofObjects = spaceOfObjects(layout, namedObjects(this.#objects));
    return this.#others.map(({ path, space }) => ({
      path,
      needed: withOwn(path === layout.dir ? addSpace(ofObjects, space) : space),
      free: freeSpace(path),
    }));
  }

  shortagesOf(needs: readonly PlaceNeed[]): readonly PlaceShortage[] {
    const inTheEnd = needs.flatMap(({ path, needed, free }) =>
      shortagesOf(needed, free).map((shortage) => ({ path, ...shortage })),
    );
    return inTheEnd.length > 0 ? inTheEnd : this.#refusals;
  }

  addSignatures(files: readonly SignatureFile[]): void {
    for (const { bytes } of files) {
      const { sha256 } = digestsOf(bytes);
      const object = { sizeBytes: bytes.length, digests: { sha256 } };
      this.#signatures.push(object);
      if (this.#context.objects.find(sha256, bytes.length) === undefined)
        this.#objects.set(sha256, bytes.length);
    }
  }

  /** Before the indices of a suite are downloaded: notes whether a sync would refuse, and asserts room for them here. */
  readonly assertRoomFor = (indices: readonly WantedIndex[]): void => {
    const { layout, objects, freeSpace, temporary, mirror } = this.#context;
    const missing = missingForms(objects, indices);
    const needed = withOwn(spaceOfObjects(layout, [...namedObjects(this.#objects), ...missing]));
    if (this.#refusals.length === 0)
      this.#refusals = shortagesOf(needed, freeSpace(layout.dir)).map((shortage) => ({
        path: layout.dir,
        ...shortage,
      }));
    const bytes = missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const [shortage] = shortagesOf({ bytes, inodes: 0 }, freeSpace(temporary));
    if (shortage === undefined) return;
    throw new StoreError(
      "DISK_FULL",
      `a dry run of ${mirror.id} needs ${shortageText(temporary, shortage)}`,
      {
        facts: { path: temporary, ...shortage },
        hint: "It reads the indices there. Set TMPDIR to a directory with more room, such as /var/tmp.",
      },
    );
  };

  /** An index that was downloaded. */
  readonly take = ({ digests, sizeBytes }: NewObject): void => {
    this.#objects.set(digests.sha256 ?? "", sizeBytes ?? 0);
  };

  /** Adds a file that would be downloaded or copied. */
  add(file: PlannedFile): void {
    this.#objects.set(partialName(file), file.sizeBytes ?? 0);
  }

  /**
   * Adds directories and the snapshot, once all files are added. `tree` has the indices. A sync that finds nothing new makes
   * no tree, but perhaps a snapshot.
   */
  settle(plan: TreePlan, { tree, unchanged }: SettledTree): void {
    const { layout, mirror } = this.#context;
    if (unchanged) this.#objects.clear();
    const { directories, files } = measureMetadata(tree);
    const metadata = { directories, files: addSpace(files, spaceOfFiles(this.#signatures)) };
    const snapshot =
      unchanged && this.#context.keepsSnapshot()
        ? { inDir: noSpace, elsewhere: noSpace }
        : spaceForSnapshot(this.#context, plan, metadata);
    const ofTree = subtractSpace(
      spaceOfDirectories(directories + plan.countDirectories()),
      spaceOfPartials(layout, this.#objects),
    );
    this.#others = [
      { path: layout.dir, space: addSpace(unchanged ? noSpace : ofTree, snapshot.inDir) },
      ...(snapshot.elsewhere.inodes === 0 ? [] : [{ path: mirror.snapshot.path, space: snapshot.elsewhere }]),
    ];
  }
}

/** Returns objects of which only names and sizes were kept: a mirror may lack a hundred thousand. */
export function* namedObjects(sizes: ReadonlyMap<string, number>): Generator<NewObject, void, undefined> {
  for (const [sha256, sizeBytes] of sizes) yield { sizeBytes, digests: { sha256 } };
}

interface SettledTree {
  readonly tree: string;
  readonly unchanged: boolean;
}
