/** Messages to people and programs. `to` is the type of a [[notify]] table and its number. */
export type NotifyEvent =
  | { readonly type: "notification-sent"; readonly to: string; readonly title: string }
  /** `others` wait for the same recipient. */
  | {
      readonly type: "notification-unsent";
      readonly to: string;
      readonly title: string;
      readonly reason: string;
      readonly others: number;
    }
  /** Too old, too many, or for a recipient that is no longer configured. */
  | { readonly type: "notifications-dropped"; readonly count: number }
  /** The reports could not be recorded: the next run repeats them. */
  | { readonly type: "notifications-unkept"; readonly error: unknown }
  /** A fault of mirrorctl's own, which must not fail the run. */
  | { readonly type: "notifications-failed"; readonly error: unknown };
