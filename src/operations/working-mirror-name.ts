/** The name of the working mirror in reports, in place of the name of a snapshot. */
export const workingMirrorName = "(working mirror)";
