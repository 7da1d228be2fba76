/** What stands in reports where a snapshot has its name. */
export const workingMirrorName = "(working mirror)";
