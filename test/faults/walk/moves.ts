/** The moves of a random walk as values, so that a walk can be printed, repeated and made shorter. */
import * as fc from "fast-check";
import type { Fault } from "../faulty-disk.ts";
import { anyLackedName, anyOriginChange, type OriginChange } from "./origin.ts";
import { anyPolicy, anySelection, type Policy, type Selection } from "./settings.ts";

export const mirrorIds = ["noble", "jammy"] as const;
export type MirrorId = (typeof mirrorIds)[number];

/** Changes what the next runs find. */
export type Surrounding =
  | { readonly does: "change upstream"; readonly change: OriginChange }
  | { readonly does: "select"; readonly mirror: MirrorId; readonly selection: Selection }
  | { readonly does: "decide"; readonly mirror: MirrorId; readonly policy: Policy }
  | { readonly does: "let time pass"; readonly minutes: number };

/** A command for one mirror. `which` is the number of a snapshot, counted round: a shorter walk may have fewer. */
export type Verb = { readonly mirror: MirrorId } & (
  | { readonly does: "sync" }
  /** The server does not have files of this name. */
  | { readonly does: "sync lacking"; readonly name: string }
  | { readonly does: "create"; readonly name: string; readonly stage: boolean; readonly force: boolean }
  | { readonly does: "delete"; readonly which: readonly number[]; readonly force: boolean }
  | { readonly does: "prune"; readonly keepLast: number | undefined }
  | { readonly does: "publish" | "stage"; readonly which: number }
  | { readonly does: "roll back" }
  | { readonly does: "verify"; readonly deep: boolean }
);

export interface FaultAt {
  readonly kind: Fault;
  readonly at: number;
}

/** One or more commands. */
export type Run =
  | (Verb & { readonly fault: FaultAt | undefined })
  /** Damages a file of a snapshot, which a repair has to make whole. */
  | { readonly does: "repair"; readonly mirror: MirrorId; readonly which: number; readonly file: number }
  | { readonly does: "sync both" }
  /** Both mirrors sync and prune: nothing may be left over after that. */
  | { readonly does: "tidy up" }
  /** Upstream changes while the sync reads it. */
  | { readonly does: "sync overtaken"; readonly mirror: MirrorId; readonly change: OriginChange };

export type Move = Surrounding | Run;

export const isSurrounding = (move: Move): move is Surrounding =>
  ["change upstream", "select", "decide", "let time pass"].includes(move.does);

const mirror = fc.constantFrom(...mirrorIds);
const which = fc.nat({ max: 9 });

const weighted = <Value>(weight: number, arbitrary: fc.Arbitrary<Value>) => ({ weight, arbitrary });

const anySurrounding = fc.oneof(
  weighted(10, fc.record({ does: fc.constant("change upstream" as const), change: anyOriginChange })),
  weighted(4, fc.record({ does: fc.constant("select" as const), mirror, selection: anySelection })),
  weighted(2, fc.record({ does: fc.constant("decide" as const), mirror, policy: anyPolicy })),
  weighted(
    4,
    fc.record({
      does: fc.constant("let time pass" as const),
      minutes: fc.constantFrom(-120, -1, 0, 1, 60, 330),
    }),
  ),
);

const anyCreation = fc.record({
  does: fc.constant("create" as const),
  mirror,
  name: fc.constantFrom("one", "two", "three"),
  stage: fc.boolean(),
  force: fc.boolean(),
});

const anyDeletion = fc.record({
  does: fc.constant("delete" as const),
  mirror,
  which: fc.uniqueArray(which, { minLength: 1, maxLength: 2 }),
  force: fc.boolean(),
});

const anyVerb: fc.Arbitrary<Verb> = fc.oneof(
  weighted(16, fc.record({ does: fc.constant("sync" as const), mirror })),
  weighted(3, fc.record({ does: fc.constant("sync lacking" as const), mirror, name: anyLackedName })),
  weighted(2, anyCreation),
  weighted(7, anyDeletion),
  weighted(
    2,
    fc.record({ does: fc.constant("prune" as const), mirror, keepLast: fc.constantFrom(undefined, 1, 3) }),
  ),
  weighted(5, fc.record({ does: fc.constant("publish" as const), mirror, which })),
  weighted(1, fc.record({ does: fc.constant("stage" as const), mirror, which })),
  weighted(2, fc.record({ does: fc.constant("roll back" as const), mirror })),
  weighted(2, fc.record({ does: fc.constant("verify" as const), mirror, deep: fc.boolean() })),
);

const anyFault: fc.Arbitrary<FaultAt> = fc.record({
  kind: fc.constantFrom("EROFS", "EIO", "ENOSPC", "unreadable"),
  at: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 500 })),
});

const faultless = anyVerb.map((verb) => ({ ...verb, fault: undefined }));
const faulty = fc.tuple(anyVerb, anyFault).map(([verb, fault]) => ({ ...verb, fault }));

export const anyMove = ({ hasFaults }: { readonly hasFaults: boolean }): fc.Arbitrary<Move> =>
  fc.oneof(
    weighted(18, anySurrounding),
    weighted(hasFaults ? 22 : 36, faultless),
    weighted(hasFaults ? 14 : 0, faulty),
    weighted(5, fc.constant({ does: "sync both" as const })),
    weighted(2, fc.constant({ does: "tidy up" as const })),
    weighted(
      4,
      fc.record({ does: fc.constant("repair" as const), mirror, which, file: fc.nat({ max: 99 }) }),
    ),
    weighted(3, fc.record({ does: fc.constant("sync overtaken" as const), mirror, change: anyOriginChange })),
  );
