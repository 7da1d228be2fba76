import { countOf } from "../../units.ts";

/** Why a tree as a whole cannot be trusted, where other bytes would not help. `reason` is the message of the error. */
export type TreeFault =
  | { readonly kind: "no-release" }
  /** A directory of the tree, for example. */
  | { readonly kind: "unreadable"; readonly reason: string }
  /** Of the signature file at `path`. */
  | {
      readonly kind: "signature-refused";
      readonly path: string;
      readonly reason: string;
      readonly hint: string | undefined;
    }
  /** An index or a Release has the right bytes, and cannot be used. */
  | { readonly kind: "metadata-refused"; readonly reason: string };

/** What differs in a tree and is not damage. */
export type TreeRemark =
  | { readonly kind: "suite-unchecked"; readonly suite: string }
  | { readonly kind: "index-unchecked"; readonly path: string }
  /** The key or the signature was good when the tree was made. */
  | { readonly kind: "expired-since"; readonly path: string; readonly reason: string }
  | { readonly kind: "release-expired"; readonly suite: string; readonly validUntil: Date }
  | FilesRemark;

export interface FilesRemark {
  readonly kind: "files-lacked" | "files-filtered" | "packages-unnamed" | "files-unlisted";
  readonly files: number;
  /** Paths, or names and versions of packages: all, or the first 1,000. */
  readonly names: readonly string[];
}

export function faultText(fault: TreeFault): string {
  switch (fault.kind) {
    case "no-release":
      return "there is no Release in it";
    case "unreadable":
      return `it cannot be read: ${fault.reason}`;
    case "signature-refused":
      return `${fault.path}: ${fault.reason}${fault.hint === undefined ? "" : `\n${fault.hint}`}`;
    case "metadata-refused":
      return fault.reason;
  }
}

export function treeRemarkText(remark: TreeRemark): string {
  switch (remark.kind) {
    case "suite-unchecked":
      return `${remark.suite}: it has no Release that can be trusted, so that its files were not checked`;
    case "index-unchecked":
      return `${remark.path}: every form of it is damaged, so that the files it lists were not checked`;
    case "expired-since":
      return `${remark.path}: ${remark.reason}; it was good when it was mirrored`;
    case "release-expired":
      return `${remark.suite}: the Release has expired (Valid-Until ${remark.validUntil.toISOString()}); clients refuse it`;
    case "files-lacked":
    case "files-filtered":
    case "packages-unnamed":
    case "files-unlisted":
      return filesText(remark);
  }
}

const filesWords = {
  "files-lacked": "that upstream lacked when this was mirrored",
  "files-filtered": "left out by filters",
  "packages-unnamed": "listed under a path that is not UTF-8, and left out",
  "files-unlisted": "that nothing in it lists",
} as const;

/** "3 files …: a, b, c" with the first names. */
function filesText({ kind, files, names }: FilesRemark): string {
  return `${countOf(files, "file")} ${filesWords[kind]}: ${names.slice(0, 3).join(", ")}${files > 3 ? ", …" : ""}`;
}
