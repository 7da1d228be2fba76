import type { PlannedFile } from "../../../plan/index.ts";
import type { Digests } from "../../../repository/index.ts";
import type { TreeDraft } from "../../../snapshot/index.ts";
import { type TakeOutcome, takeFiles } from "../../../store/index.ts";
import type { Intake } from "../files/intake.ts";
import type { SyncContext } from "../sync-context.ts";
import type { Reused } from "./found-directories.ts";

export interface FoundPorts extends Pick<SyncContext, "layout" | "mirror" | "signal" | "emit"> {
  readonly draft: Pick<TreeDraft, "place">;
  readonly intake: Pick<Intake, "linkHeld">;
}

/** A found file, and the files of the tree that it may be. */
export interface Match {
  readonly from: string;
  readonly files: readonly [PlannedFile, ...PlannedFile[]];
}

/** Takes found files into the tree, and counts them. */
export class FoundIntake {
  readonly #ports: FoundPorts;
  readonly #link: boolean;
  readonly #taken = new Set<PlannedFile>();
  readonly #reused = { files: 0, sizeBytes: 0, ways: { linked: 0, cloned: 0, copied: 0 } };
  /** By the first file of a content: what was found in its place. */
  readonly #left = new Map<PlannedFile, { readonly from: string; readonly why: string }>();
  /** Found files whose bytes were others than their name says. */
  readonly others: { readonly from: string; readonly sizeBytes: number; readonly digests: Digests }[] = [];

  constructor(ports: FoundPorts, link: boolean) {
    this.#ports = ports;
    this.#link = link;
  }

  get reused(): Reused {
    return this.#reused;
  }

  has(file: PlannedFile): boolean {
    return this.#taken.has(file);
  }

  async takeAll(matches: readonly Match[]): Promise<void> {
    if (matches.length === 0) return;
    const { layout, draft, signal, emit } = this.#ports;
    const sizeBytes = matches.reduce((sum, { files: [{ sizeBytes: bytes = 0 }] }) => sum + bytes, 0);
    emit({ type: "reading-planned", files: matches.length, sizeBytes });
    const takings = matches.map(({ from, files }) => ({
      from,
      files,
      listed: files[0],
      target: draft.place(files[0].path),
    }));
    const options = {
      objects: layout.objects,
      aside: layout.partial,
      link: this.#link,
      onRead: (bytes: number) => emit({ type: "reading-progressed", sizeBytes: bytes }),
    };
    for await (const [match, outcome] of takeFiles(takings, signal, options)) {
      emit({ type: "file-read" });
      await this.#note(match, outcome);
    }
    emit({ type: "reading-ended" });
  }

  async #note({ from, files: [first, ...others] }: Match, outcome: TakeOutcome): Promise<void> {
    if (outcome.kind === "taken") {
      this.#reused.files++;
      this.#reused.sizeBytes += outcome.sizeBytes;
      this.#reused.ways[outcome.way]++;
      this.#taken.add(first);
      for (const file of others) if (await this.#ports.intake.linkHeld(file)) this.#taken.add(file);
    } else if (outcome.kind === "unreadable") this.#left.set(first, { from, why: outcome.code });
    else {
      this.#left.set(first, { from, why: "different" });
      if (outcome.found !== undefined) this.others.push({ from, ...outcome.found });
    }
  }

  /** Says what was taken, and what was left although its name and size fit. */
  report(): void {
    const { emit } = this.#ports;
    const left = [...this.#left].filter(([file]) => !this.#taken.has(file)).map(([, one]) => one);
    if (left.length > 0) emit({ type: "found-files-left", files: left });
    emit({ type: "files-reused", ...this.#reused });
  }
}
