import type { Credential, Imported, Remark } from "./imported.ts";
import { inOrder, type Place } from "./place.ts";

/** Collects remarks, and the passwords that none of them may show. */
export class Remarks {
  readonly #list: Remark[] = [];
  readonly #credentials = new Map<string, Credential>();
  readonly #secrets = new Set<string>();

  add(kind: Remark["kind"], place: Place | undefined, said: string, means: string): void {
    this.#list.push({ kind, place, said, means });
  }

  /** auth.conf has one user for each host: the first counts. */
  addCredential(credential: Credential, place: Place | undefined): void {
    const { origin, login, password } = credential;
    this.addSecret(password);
    const known = this.#credentials.getOrInsert(origin, credential);
    if (known.login === login && known.password === password) return;
    this.add("dropped", place, `another user of ${origin}`, "auth.conf has the first user of a host alone");
  }

  /** A text that no remark may show, such as the password for a proxy. */
  addSecret(text: string): void {
    if (text.length >= secretMin) this.#secrets.add(text);
  }

  /** Returns all of it, in the order of what was read. A password may have been the value of a variable, anywhere in the file. */
  result(): Pick<Imported, "remarks" | "credentials"> {
    const secrets = [...this.#secrets]
      .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
      .toSorted((a, b) => b.length - a.length); // one may be the start of another
    const shown = (text: string): string =>
      masked(secrets.length > secretsMax ? firstWord(text) : withoutSecrets(text, secrets));
    return {
      credentials: [...this.#credentials.values()],
      remarks: inOrder(this.#list).map(({ kind, place, said, means }) => ({
        kind,
        place,
        said: shown(said).slice(0, saidMax),
        means: shown(means).slice(0, meansMax),
      })),
    };
  }
}

const saidMax = 200;
const meansMax = 1_000;
const secretMin = 3;

/** Nobody has more passwords, and looking for each in each line would take forever. */
const secretsMax = 2_000;

const firstWord = (text: string): string => `${/^\S*/.exec(text)?.[0] ?? ""} …`;

const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text.slice(0, readMax));

/** Masks what may be a user and a password, wherever it is, and what may be a token. */
const masked = (text: string): string =>
  text
    .slice(0, readMax)
    .replaceAll(/:\/\/[^\s/]*:.*@/gs, "://***@") // a password that is not encoded may have any character
    .replaceAll(/:\/\/\S*@/g, "://***@")
    .replaceAll(/[^\s:/@"'=]+:[^\s/@][^\s@]*@/g, "***@")
    .replaceAll(/(:\/\/[^\s?]*\?)\S*/g, "$1***")
    .replaceAll(/((?:passw(?:or)?d|secret|proxy_user)\b["']?[=:\s]).*/gis, "$1***");

/** What is masked may be longer than what is shown. */
const readMax = 2_000;
