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

/** Collects remarks, and the passwords that none of them may show. */
export class Remarks {
  readonly #list: Remark[] = [];
  readonly #credentials = new Map<string, Credential>();

  add(kind: Remark["kind"], line: number | undefined, said: string, means: string): void {
    this.#list.push({ kind, line, said, means });
  }

  /** auth.conf has one user for each host: the first counts. */
  addCredential(credential: Credential, line: number | undefined): void {
    const { origin, login, password } = credential;
    const known = this.#credentials.getOrInsert(origin, credential);
    if (known.login === login && known.password === password) return;
    this.add("dropped", line, `another user of ${origin}`, "auth.conf has the first user of a host alone");
  }

  /** Returns all of it. A password may have been the value of a variable, anywhere in the file. */
  result(): Pick<Imported, "remarks" | "credentials"> {
    const credentials = [...this.#credentials.values()];
    const secrets = credentials
      .flatMap(({ password }) => [password, encodeURIComponent(password.toWellFormed())])
      .filter(({ length }) => length >= secretMin);
    return { credentials, remarks: this.#list.map((one) => ({ ...one, said: shown(one.said, secrets) })) };
  }
}

const saidMax = 200;
const secretMin = 3;

/** Masks what may be a user and a password, and cuts a line that would fill the screen. */
const shown = (text: string, secrets: readonly string[]): string =>
  secrets
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text.slice(0, readMax))
    .replaceAll(/:\/\/\S*@/g, "://***@")
    .replaceAll(/[^\s:/@"'=]+:[^\s/@][^\s@]*@/g, "***@")
    .replaceAll(/((?:passw(?:or)?d|proxy_user)\b["']?[=\s]).*/gis, "$1***")
    .slice(0, saidMax);

/** What is masked may be longer than what is shown. */
const readMax = 2_000;
