import type { Gnupg, MirrorSettings } from "../../support/index.ts";

/** A repository made by another program, and what clients do with mirrorctl's mirror of it. */
export interface CompatibilityCase {
  readonly title: string;
  /** The program that made the repository. */
  readonly madeBy: string;
  /** Its peculiarities, in the words of the page. */
  readonly covers: string;
  /** Suites, sections and so on of the mirror. */
  readonly mirror: MirrorSettings;
  /** The part of sources.list after the URL: the suite and its sections. */
  readonly entry: string;
  /** The part of the mirror that clients use, if not the whole: a path that ends in "/". */
  readonly directory?: string;
  /** Architectures beside amd64. */
  readonly foreignArchitectures?: readonly string[];
  /** Source packages, if they are mirrored. */
  readonly sources?: readonly string[];
  /** Upstream has only Release and Release.gpg, which apt notes in one line, as it does at upstream. */
  readonly isDetached?: boolean;
  /** Targets of requests that upstream must have received, percent-encoded as sent. */
  readonly requests?: readonly string[];
  readonly uses: readonly ClientUse[];
  /** Makes the repository. */
  build(directories: BuildDirectories): Promise<void>;
}

/** The directories in which a repository is made. */
export interface BuildDirectories {
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
  /** Returns everything that went wrong, which is nothing if the mirror is as good as upstream. */
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
  /** An empty directory for this client. */
  readonly dir: string;
}
