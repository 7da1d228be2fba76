import type { Credential } from "./imported.ts";

/** Writes lines of auth.conf, see apt_auth.conf(5). Returns those whose words that format cannot have. */
export function formatAuth(credentials: readonly Credential[]): {
  readonly text: string;
  readonly unwritable: readonly Credential[];
} {
  const fit = credentials.filter(isFit);
  return {
    text: fit
      .map(({ origin, login, password }) => `machine ${origin} login ${login} password ${password}\n`)
      .join(""),
    unwritable: credentials.filter((one) => !isFit(one)),
  };
}

const isWord = (text: string): boolean => /^[\x21-\x7e]+$/.test(text) && !text.startsWith("#");
const isFit = ({ login, password }: Credential): boolean => isWord(login) && isWord(password);
