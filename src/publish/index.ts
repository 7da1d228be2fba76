/**
 * Public names: what clients see. A name leads to one complete tree at every instant, and keeps files of the tree before
 * for clients that are in the middle of something. Does not know how a tree was made, nor who decides to show it.
 */
export { type FutureSpare, type Generation, timeOfGeneration } from "./generations.ts";
export { openLocalPublisher } from "./local-publisher.ts";
export type { Keep, Publication, PublicName, PublishedTree, Publisher, Shown } from "./publisher.ts";
export { openWorkingMirror, type WorkingMirror } from "./working-mirror.ts";
