import type { Gnupg, MirrorSettings } from "../../support/index.ts";

/** A repository made by a program that is not ours, and what clients do with mirrorctl's mirror of it. */
export interface CompatibilityCase {
  readonly title: string;
  /** The program that made the repository. */
  readonly madeBy: string;
  /** What is particular about it, in the words of the page. */
  readonly covers: string;
  /** suites, sections and so on of the mirror. */
  readonly mirror: MirrorSettings;
  /** What a sources.list names after the URL: the suite and its sections. */
  readonly entry: string;
  /** Which part of the mirror clients use, where it is not the whole of it: a path that ends in "/". */
  readonly directory?: string;
  /** Beside amd64. */
  readonly foreignArchitectures?: readonly string[];
  /** Source packages, where they are mirrored. */
  readonly sources?: readonly string[];
  /** Upstream has Release and Release.gpg alone, of which apt tells in a line as it does at upstream. */
  readonly isDetached?: boolean;
  /** Targets of requests that upstream must have seen, percent-encoded as they were sent. */
  readonly requests?: readonly string[];
  readonly uses: readonly ClientUse[];
  /** Makes the repository. */
  build(site: Site): Promise<void>;
}

/** Where a repository is made. */
export interface Site {
  /** The base of the repository; empty. */
  readonly dir: string;
  /** An empty directory for everything else. */
  readonly workDir: string;
  readonly gnupg: Gnupg;
}

export type RepositoryClient = "apt" | "debootstrap" | "mmdebstrap";

/** One client that uses the mirror once upstream is switched off. */
export interface ClientUse {
  readonly client: RepositoryClient;
  /** In the words of the page. */
  readonly does: string;
  /** All that went wrong; nothing, when the mirror is as good as upstream. */
  complaints(served: ServedMirror): Promise<readonly string[]>;
}

/** A mirror as its clients see it. */
export interface ServedMirror {
  readonly url: string;
  readonly entry: string;
  readonly foreignArchitectures: readonly string[];
  readonly isDetached: boolean;
  readonly keyFile: string;
  readonly publicKeyArmored: string;
  /** An empty directory of the client's own. */
  readonly dir: string;
}
