/** Returns the file beside a profile with a copy of /var/lib/apt/extended_states: web.extended_states for web.status. */
export const extendedStatesOf = (path: string): string => `${path.replace(/\.status$/, "")}.extended_states`;
