import { withoutCredentials } from "../drafts/credentials.ts";
import type { Place } from "../drafts/place.ts";

/** A line of `deb` or `deb-src`, or a stanza. */
export interface ListedSource {
  /** As written. */
  readonly url: string;
  readonly suites: readonly string[];
  /** Empty for flat suites. */
  readonly sections: readonly string[];
  /** Empty if there are only sources. */
  readonly architectures: readonly string[];
  readonly isSource: boolean;
  /** Files of keys. */
  readonly signedBy: readonly string[];
  readonly place: Place;
  readonly said: string;
}

/** What is said of a repository beside what it has: by lines such as `exclude_sections URL games`, or in its stanza. */
export interface RepositoryOption {
  /** The name of its repository: see `repositoryName`. */
  readonly repository: string;
  /** As in a line, such as "exclude_sections". */
  readonly name: string;
  readonly values: readonly string[];
  readonly place: Place;
  readonly said: string;
}

/** Lines and options of one repository may differ in a slash at the end. */
export const repositoryName = (url: string): string =>
  (withoutCredentials(url)?.url ?? url).replace(/\/+$/, "");
