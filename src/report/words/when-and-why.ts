import { formatTime } from "../units.ts";

/** What somebody did, from the history. */
export interface Deed {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
}

/** Returns the end of a sentence about a removed snapshot. Without a deed, the history does not say who removed it. */
export const goneText = (deletion: Deed | undefined): string =>
  deletion === undefined
    ? "is gone, and the history does not say who removed it"
    : `was deleted ${whenAndWhy(deletion)}`;

/** Returns "on 2026-11-02 03:10:00 UTC by ada: kernel does not boot" */
export const whenAndWhy = ({ at, by, reason }: Deed): string =>
  `on ${formatTime(at)} by ${by}${reason === undefined ? "" : `: ${reason}`}`;
