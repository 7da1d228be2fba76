import { formatTime } from "../units.ts";

/** What somebody did, as the history has it. */
export interface Deed {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
}

/** What became of a snapshot, as the end of a sentence; without a deed the history does not say. */
export const goneText = (deletion: Deed | undefined): string =>
  deletion === undefined
    ? "is gone, and the history does not say who removed it"
    : `was deleted ${whenAndWhy(deletion)}`;

/** "on 2026-11-02 03:10:00 UTC by ada: kernel does not boot" */
export const whenAndWhy = ({ at, by, reason }: Deed): string =>
  `on ${formatTime(at)} by ${by}${reason === undefined ? "" : `: ${reason}`}`;
