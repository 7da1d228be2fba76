/** What a configuration of another tool becomes. */
export interface Imported {
  readonly settings: DraftSettings;
  readonly mirrors: readonly DraftMirror[];
  /** They belong into auth.conf, which only its owner can read. */
  readonly credentials: readonly Credential[];
  /** In the order of the file. */
  readonly remarks: readonly Remark[];
}

/** Global keys. */
export interface DraftSettings {
  readonly maxConns?: number | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
}

export interface DraftMirror {
  readonly id: string;
  /** Without credentials. */
  readonly url: string;
  readonly suites: readonly string[];
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly source: boolean;
  readonly pgpKeyPaths?: readonly string[] | undefined;
  readonly noPgpCheck?: boolean | undefined;
  /** Kinds of indices that are switched on or off, by key. */
  readonly kinds?: Readonly<Record<string, boolean>> | undefined;
  readonly excludePatterns?: readonly string[] | undefined;
  /** The lines that it was made of. */
  readonly lines: readonly number[];
}

export interface Credential {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly login: string;
  readonly password: string;
}

/**
 * "imported": means the same here. "changed": means something else, or is not needed. "dropped": there is nothing like it, so
 * that a person has to decide.
 */
export interface Remark {
  readonly kind: "imported" | "changed" | "dropped";
  /** Of the file, from 1; undefined for a command line, or for the file as a whole. */
  readonly line: number | undefined;
  /** What the other tool's configuration says, without passwords. */
  readonly said: string;
  /** What it means here. */
  readonly means: string;
}

/** Collects remarks. */
export class Remarks {
  readonly list: Remark[] = [];

  add(kind: Remark["kind"], line: number | undefined, said: string, means: string): void {
    this.list.push({ kind, line, said: shown(said), means });
  }
}

const saidMax = 200;

/** Masks what may be a user and a password, and cuts a line that would fill the screen. */
const shown = (text: string): string =>
  text
    .replaceAll(/:\/\/[^/\s]*@/g, "://***@")
    .replaceAll(/((?:passw(?:or)?d|proxy_user)\b["']?\s*[=\s]\s*)\S+/gi, "$1***")
    .slice(0, saidMax);
