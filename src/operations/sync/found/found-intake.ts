import type { FoundFile } from "../../../found-files/index.ts";
import { paced } from "../../../platform/flow/paced.ts";
import type { ListedFile } from "../../../repository/index.ts";
import type { TreeDraft } from "../../../snapshot/index.ts";
import { sharesSpace, type TakeOutcome, takeFiles } from "../../../store/index.ts";
import type { Ports } from "../../context.ts";
import type { Intake } from "../files/intake.ts";
import type { Reused } from "./found-directories.ts";
import type { Judge, Match, OtherBytes } from "./judge.ts";

export interface FoundIntakePorts extends Ports<"layout" | "signal" | "emit"> {
  readonly draft: Pick<TreeDraft, "place">;
  readonly intake: Pick<Intake, "linkHeld">;
}

/** Takes found files into the tree, and counts them. */
export class FoundIntake implements Judge {
  readonly #ports: FoundIntakePorts;
  readonly #options: { readonly objects: string; readonly aside: string; readonly link: boolean };
  readonly #taken = new Set<ListedFile>();
  readonly #reused = { files: 0, sizeBytes: 0, ways: { linked: 0, cloned: 0, copied: 0 } };
  /** By the first file of a content: what was found in its place. */
  readonly #left = new Map<ListedFile, { readonly from: string; readonly why: string }>();
  readonly #sharing = new Map<number, boolean>();
  readonly others: OtherBytes[] = [];

  constructor(ports: FoundIntakePorts, link: boolean) {
    this.#ports = ports;
    this.#options = { objects: ports.layout.objects, aside: ports.layout.partial, link };
  }

  get reused(): Reused {
    return this.#reused;
  }

  has(file: ListedFile): boolean {
    return this.#taken.has(file);
  }

  /** Says whether the object takes no space of its own, unless the file belongs to another user. */
  sharesSpace({ path, device }: FoundFile): boolean {
    const known = this.#sharing.get(device) ?? sharesSpace(path, this.#options);
    this.#sharing.set(device, known);
    return known;
  }

  async judge(matches: readonly Match[]): Promise<void> {
    if (matches.length === 0) return;
    const { draft, signal, emit } = this.#ports;
    const sizeBytes = matches.reduce((sum, { from }) => sum + from.sizeBytes, 0);
    emit({ type: "reading-planned", files: matches.length, sizeBytes });
    const takings = [];
    for await (const match of paced(matches, signal)) {
      const [listed] = match.files;
      takings.push({ match, from: match.from.path, listed, target: draft.place(listed.path) });
    }
    const onRead = (bytes: number): void => emit({ type: "reading-progressed", sizeBytes: bytes });
    for await (const [{ match }, outcome] of takeFiles(takings, signal, { ...this.#options, onRead })) {
      emit({ type: "file-read" });
      await this.#note(match, outcome);
    }
    emit({ type: "reading-ended" });
  }

  async #note({ from, files: [first, ...others] }: Match, outcome: TakeOutcome): Promise<void> {
    const left = (why: string): unknown => this.#left.set(first, { from: from.path, why });
    if (outcome.kind === "unreadable") left(outcome.code);
    else if (outcome.kind === "different") {
      left("different");
      if (outcome.found !== undefined) this.others.push({ from, digests: outcome.found.digests });
    } else {
      this.#reused.files++;
      this.#reused.sizeBytes += outcome.sizeBytes;
      this.#reused.ways[outcome.way]++;
      this.#taken.add(first);
      for (const file of others) if (await this.#ports.intake.linkHeld(file)) this.#taken.add(file);
    }
  }

  /** Says what was taken, and what was not although its name and size fit. */
  report(): void {
    const { emit } = this.#ports;
    const left = [...this.#left].filter(([file]) => !this.#taken.has(file)).map(([, one]) => one);
    if (left.length > 0) emit({ type: "found-files-left", files: left });
    const { linked, cloned, copied } = this.#reused.ways;
    emit({ type: "files-reused", ...this.#reused });
    if (linked > 0) emit({ type: "files-linked", files: linked });
    if (this.#options.link && cloned + copied > 0) emit({ type: "files-not-linked", files: cloned + copied });
  }
}
