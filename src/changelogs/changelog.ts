/** One upload of a source package, as its maintainer describes it in debian/changelog. */
export interface ChangelogEntry {
  /** The source package. */
  readonly source: string;
  readonly version: string;
  /** Such as "unstable" or "bookworm-security". */
  readonly distributions: readonly string[];
  /** In lower case; undefined if the header has none. */
  readonly urgency: string | undefined;
  /** True for a rebuild without changes of the source, see deb-changelog(5), binary-only. */
  readonly isBinaryOnly: boolean;
  /** The other keys of the header, in lower case. */
  readonly keys: Readonly<Record<string, string>>;
  /** The lines between header and trailer with their indentation, without the empty ones around them. */
  readonly body: string;
  /** "Name <address>"; undefined if the entry has no trailer. */
  readonly maintainer: string | undefined;
  /** As written: RFC 5322 with a numeric zone. Undefined if the entry has no trailer. */
  readonly date: string | undefined;
}

/** The entries of a changelog, newest first as in the file. */
export interface Changelog {
  readonly entries: readonly ChangelogEntry[];
  /** True if there were older entries, which the archive removed from the file or which are not read. */
  readonly isCut: boolean;
}
