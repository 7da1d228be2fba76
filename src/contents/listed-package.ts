import {
  type BinaryPackage,
  joinPath,
  type ListedFile,
  type RepositoryPath,
  type SourcePackage,
} from "../repository/index.ts";

/** A package as an index lists it. */
export type ListedPackage = BinaryPackage | SourcePackage;

export function filesOf(item: ListedPackage): readonly ListedFile[] {
  return "file" in item ? [item.file] : item.files;
}

/** Returns the package with its paths below `directory`. */
export function placeBelow(directory: RepositoryPath, item: ListedPackage): ListedPackage {
  const place = (file: ListedFile): ListedFile => ({ ...file, path: joinPath(directory, file.path) });
  return "file" in item ? { ...item, file: place(item.file) } : { ...item, files: item.files.map(place) };
}
