/** What `[[notify]]` can report, as the configuration names it. */
export const newsEvents = [
  "sync.failed",
  "sync.recovered",
  "staged",
  "gate.failed",
  "promoted",
  "rolled_back",
  "expiring",
  "damaged",
  "disk",
] as const;

export type NewsEvent = (typeof newsEvents)[number];
