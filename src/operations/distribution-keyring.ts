/**
 * True for the files with the keys of Debian and Ubuntu. Their own packages have them, on each of their machines, and the next
 * key comes with an update.
 */
export const isKeyringOfDistribution = (path: string): boolean =>
  /^\/usr\/share\/keyrings\/(?:debian|ubuntu)-archive-[\w-]+\.(?:gpg|pgp|asc)$/.test(path);
