import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HistoryEntry, productionBefore } from "../../src/history/index.ts";

type Step =
  | { readonly action: "promote" | "publish"; readonly to: string }
  | { readonly action: "rollback" }
  | { readonly action: "stage" | "create"; readonly to: string }
  /** The link moves without a line. */
  | { readonly action: "unrecorded"; readonly to: string };

const names = ["a", "b", "c", "d", "e", "f"] as const;
const anyName = fc.constantFrom(...names);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ action: fc.constantFrom("promote" as const, "publish" as const), to: anyName }),
  fc.record({ action: fc.constant("rollback" as const) }),
  fc.record({ action: fc.constantFrom("stage" as const, "create" as const), to: anyName }),
  fc.record({ action: fc.constant("unrecorded" as const), to: anyName }),
);
const anySteps = fc.array(anyStep, { maxLength: 30 });

/**
 * A mirror whose production moves as mirrorctl moves it: a rollback goes to the nearest predecessor, if there is one.
 */
class Mirror {
  entries: readonly HistoryEntry[] = [];
  production: string | undefined;

  /** Nearest first. */
  before(): readonly string[] {
    return productionBefore(this.entries, this.production).map(({ name }) => name);
  }

  existingBefore(): readonly string[] {
    const formers = productionBefore(this.entries, this.production);
    return formers.filter(({ deletion }) => deletion === undefined).map(({ name }) => name);
  }

  delete(name: string): void {
    const at = new Date(this.entries.length);
    const line = { at, mirror: "m", action: "delete", who: "w", result: "done", from: name } as const;
    this.entries = [line, ...this.entries];
  }

  do(step: Step): void {
    if (step.action === "rollback") {
      const [goal] = this.before();
      if (goal !== undefined) this.#record("rollback", goal);
    } else if (step.action === "unrecorded") {
      this.production = step.to;
    } else {
      this.#record(step.action, step.to);
    }
  }

  #record(action: HistoryEntry["action"], to: string): void {
    const at = new Date(this.entries.length);
    const line = { at, mirror: "m", action, who: "w", result: "done", from: this.production, to } as const;
    this.entries = [line, ...this.entries];
    if (action !== "stage" && action !== "create") this.production = to;
  }
}

function after(steps: readonly Step[]): Mirror {
  const mirror = new Mirror();
  for (const step of steps) mirror.do(step);
  return mirror;
}

describe("the line of production", () => {
  test("has the previous snapshot as predecessor, and a rollback goes back to it", () => {
    fc.assert(
      fc.property(anySteps, anyName, (steps, to) => {
        const mirror = after(steps);
        const { production } = mirror;
        const before = mirror.before();
        fc.pre(production !== undefined && to !== production);
        mirror.do({ action: "promote", to });
        expect(mirror.before()).toEqual([production, ...before]);
        mirror.do({ action: "rollback" });
        expect(mirror.production).toBe(production);
        expect(mirror.before()).toEqual(before);
      }),
    );
  });

  test("ends after repeated rollbacks, each step once", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const mirror = after(steps);
        const line = mirror.before();
        const walked: (string | undefined)[] = [];
        while (walked.length < line.length) {
          mirror.do({ action: "rollback" });
          walked.push(mirror.production);
        }
        expect(walked).toEqual(line);
        expect(mirror.before()).toEqual([]);
      }),
    );
  });

  test("has the same next target once all other snapshots are deleted", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const mirror = after(steps);
        const [goal] = mirror.before();
        for (const name of names) if (name !== goal && name !== mirror.production) mirror.delete(name);
        expect(mirror.existingBefore().slice(0, 1)).toEqual(goal === undefined ? [] : [goal]);
      }),
    );
  });

  test("never has the same snapshot twice in a row", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const mirror = after(steps);
        const line = [mirror.production, ...mirror.before()];
        expect(line.every((name, index) => index === 0 || name !== line[index - 1])).toBe(true);
      }),
    );
  });
});
