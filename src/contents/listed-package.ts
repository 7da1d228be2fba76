import type { BinaryPackage, ListedFile, SourcePackage } from "../repository/index.ts";

export type ListedPackage = BinaryPackage | SourcePackage;

export function filesOf(item: ListedPackage): readonly ListedFile[] {
  return "file" in item ? [item.file] : item.files;
}
