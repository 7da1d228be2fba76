/**
 * Public names: the links through which a web server shows a tree. A name leads to one complete tree at every instant.
 * Knows nothing of what is in a tree or how it came to be.
 */
export { type LinkTarget, openPublicLinks, type PublicLinks, type PublicName } from "./public-links.ts";
export {
  type Generation,
  openWorkingMirror,
  type WorkingMirror,
} from "./working-mirror.ts";
