import { joinPath, normalizePath, type RepositoryPath } from "../../repository/index.ts";

export type SignatureFileName = "InRelease" | "Release" | "Release.gpg";

/** A file that carries or accompanies the signature: kept as it came. */
export interface SignatureFile {
  readonly name: SignatureFileName;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly lastModified: Date | undefined;
}

/** Of a signature file, relative to the base URL and in the tree. */
export const signaturePath = (root: RepositoryPath | "", name: SignatureFileName): RepositoryPath =>
  joinPath(root, normalizePath(name));
