import { joinPath, normalizePath, type RepositoryPath } from "../repository/index.ts";

/** The directory of a suite's Release file, relative to the base URL; "" for the base itself. */
export function suiteRoot(suite: string): RepositoryPath | "" {
  if (!isFlat(suite)) return joinPath(normalizePath("dists"), normalizePath(suite));
  return /^[./]*$/.test(suite) && !suite.includes("..") ? "" : normalizePath(suite);
}

/** As in apt: a suite that ends in "/" is a directory of its own, without dists/ and sections. */
export function isFlat(suite: string): boolean {
  return suite.endsWith("/");
}
