import type { Candidate, Clause } from "./candidates.ts";
import { type Demand, type Reason, Reasons } from "./reasons.ts";
import { Selection } from "./selection.ts";
import type { Universe } from "./universe.ts";

export type Verdict =
  | { readonly kind: "installable" }
  | { readonly kind: "uninstallable"; readonly reasons: readonly Reason[] }
  /** The search took more decisions than it may. */
  | { readonly kind: "undetermined" };

/** The hardest package of Debian takes 150. */
const decisionsMax = 20_000;
/** Where more are needed, another selection is tried. */
const extensionDecisionsMax = 100;

/** What was chosen and what was open at some moment. */
interface Moment {
  readonly chosen: number;
  readonly open: readonly Demand[];
}

/** A choice between alternatives, which may have to be made again. */
interface Decision extends Moment, Demand {
  /** The index of the alternative to try next. */
  next: number;
}

/**
 * Decides what can be installed: whether there is a set of packages in which each dependency is met, no two packages exclude
 * each other, and each Essential name is present. It follows what is forced, then tries alternatives in their order, and
 * goes back to the last choice when one fails. Each package of a set that it finds can be installed too, and need not be
 * asked about; what cannot be installed is never tried again.
 */
export class Solver {
  readonly #universe: Universe;
  readonly #selection: Selection;
  /** What more than one candidate can meet. */
  #open: Demand[] = [];
  /** How many of the chosen packages have had their dependencies followed. */
  #followed = 0;
  /** True while the selection meets all that was asked for. */
  #isWhole = false;
  /** Those that some selection has had, by id. */
  readonly #isInstallable: Uint8Array;
  readonly #uninstallable = new Map<Candidate, readonly Reason[]>();
  #reasons = new Reasons();
  /** What every machine has: the beginning of each selection. */
  readonly #base: Moment & { readonly isPossible: boolean };
  readonly #essentialReasons: readonly Reason[];

  constructor(universe: Universe) {
    this.#universe = universe;
    this.#selection = new Selection(universe.candidates.length);
    this.#isInstallable = new Uint8Array(universe.candidates.length);
    const isPossible = this.#demand(universe.essentials);
    this.#base = { isPossible, ...this.#moment() };
    this.#essentialReasons = this.#reasons.all;
  }

  /** Decides whether a machine without further packages can install this one. */
  check(candidate: Candidate): Verdict {
    if (this.#isInstallable[candidate.id] === 1) return { kind: "installable" };
    const goals = [{ text: candidate.name, alternatives: [candidate] }];
    // Most packages can be added to those that were found before, and then nearly all is met already.
    if (this.#extend(goals)) return { kind: "installable" };
    const verdict = this.#solve(goals);
    if (verdict.kind === "uninstallable") this.#uninstallable.set(candidate, verdict.reasons);
    return verdict;
  }

  /** Decides whether dependencies, such as "nginx" and "postgresql (>= 16)", can be met together. */
  checkTogether(relations: readonly string[]): Verdict {
    return this.#solve(relations.map((text) => this.#universe.clause(text)));
  }

  /** Tries to meet more goals with what is chosen already. False says nothing: another selection may meet them. */
  #extend(goals: readonly Clause[]): boolean {
    if (!this.#isWhole) return false;
    const before = this.#moment();
    this.#isWhole = this.#demand(goals) && this.#search(extensionDecisionsMax) === true;
    if (this.#isWhole) this.#keep(before.chosen);
    return this.#isWhole;
  }

  #solve(goals: readonly Clause[]): Verdict {
    this.#goBackTo({ ...this.#base, open: [] });
    this.#reasons = new Reasons();
    if (!this.#base.isPossible) return { kind: "uninstallable", reasons: this.#essentialReasons };
    const isPossible = this.#demand(goals);
    this.#open.push(...this.#base.open); // last: a choice that matters comes before those that every machine has
    const isFound = isPossible && this.#search(decisionsMax);
    this.#isWhole = isFound === true;
    if (isFound === undefined) return { kind: "undetermined" };
    if (!isFound) return { kind: "uninstallable", reasons: this.#reasons.all };
    this.#keep(0);
    return { kind: "installable" };
  }

  /** Notes that all chosen packages, except for the first ones, can be installed. */
  #keep(first: number): void {
    const { order } = this.#selection;
    for (let at = first; at < order.length; at += 1) this.#isInstallable[order[at]?.id ?? 0] = 1;
  }

  /** Makes decisions until nothing is open. Undefined if it takes too many. */
  #search(decisionsLimit: number): boolean | undefined {
    const decisions: Decision[] = [];
    let isPossible = true;
    for (let made = 0; made <= decisionsLimit; made += 1) {
      if (isPossible && this.#settleOpen()) {
        const [undecided] = this.#open;
        if (undecided === undefined) return true;
        decisions.push({ ...undecided, ...this.#moment(), next: 0 });
      }
      const last = decisions.at(-1);
      if (last === undefined) return false;
      this.#goBackTo(last);
      const candidate = last.clause.alternatives[last.next++];
      if (candidate === undefined) decisions.pop();
      isPossible = candidate !== undefined && this.#isUsable(candidate) && this.#choose(candidate, last);
    }
    return undefined;
  }

  #demand(clauses: readonly Clause[]): boolean {
    return clauses.every((clause) => this.#meet({ clause, demander: undefined })) && this.#follow();
  }

  #choose(candidate: Candidate, { clause, demander }: Demand): boolean {
    this.#selection.choose(candidate, clause, demander);
    return this.#follow();
  }

  /** Follows the dependencies of what was chosen. False if one of them cannot be met. */
  #follow(): boolean {
    const { order } = this.#selection;
    for (let demander = order[this.#followed]; demander !== undefined; demander = order[this.#followed]) {
      this.#followed += 1;
      for (const clause of demander.dependencies) if (!this.#meet({ clause, demander })) return false;
    }
    return true;
  }

  /** Meets what has one candidate left, until nothing changes. What is still open is in `#open`. */
  #settleOpen(): boolean {
    for (let before = -1; before !== this.#selection.order.length; ) {
      before = this.#selection.order.length;
      const open = this.#open;
      this.#open = [];
      for (const demand of open) if (!this.#meet(demand) || !this.#follow()) return false;
    }
    return true;
  }

  /** Chooses the only candidate of a clause. With several, it is open. False if there is none. */
  #meet(demand: Demand): boolean {
    const { clause, demander } = demand;
    let only: Candidate | undefined;
    let usable = 0;
    for (const candidate of clause.alternatives) {
      if (this.#selection.has(candidate)) return true;
      if (!this.#isUsable(candidate)) continue;
      usable += 1;
      only ??= candidate;
    }
    if (only === undefined) {
      this.#reasons.addUnmet(demand, this.#selection, this.#uninstallable);
      return false;
    }
    if (usable === 1) this.#selection.choose(only, clause, demander);
    else this.#open.push(demand);
    return true;
  }

  #isUsable(candidate: Candidate): boolean {
    return !this.#selection.excludes(candidate) && !this.#uninstallable.has(candidate);
  }

  #moment(): Moment {
    return { chosen: this.#selection.order.length, open: this.#open };
  }

  #goBackTo({ chosen, open }: Moment): void {
    this.#selection.shorten(chosen);
    this.#open = [...open];
    this.#followed = chosen;
  }
}
