/** Time enough to sync, test and promote a newer Release before clients refuse this one. */
export const warnBeforeExpiryMs = 3 * 86_400_000;
