/** From the lowest to the highest, Debian policy 5.6.17. The last two mean the same. */
const urgencies = ["low", "medium", "high", "emergency", "critical"];

/** Returns a number that is higher for a higher urgency; -1 for none, or for a word that is none. */
export const urgencyRank = (urgency = ""): number => urgencies.indexOf(urgency);

/** Returns the highest one, in lower case; undefined if there is none. */
export const highestUrgency = (found: Iterable<string | undefined>): string | undefined =>
  urgencies[Math.max(-1, ...Array.from(found, urgencyRank))];
