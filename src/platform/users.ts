import { readTextFile } from "./files.ts";

/** Who runs mirrorctl, or owns a file. */
export interface User {
  readonly uid: number;
  /** For messages. */
  readonly name: string;
  /** As commands such as chown take it. */
  readonly argument: string;
}

/** Looks a user up in /etc/passwd; one that is not there, as in many containers, is named by its number. */
export function userOf(uid: number): User {
  const line = readTextFile("/etc/passwd")
    .split("\n")
    .find((text) => text.split(":")[2] === String(uid));
  const login = line?.split(":", 1)[0];
  return { uid, name: login ?? `uid ${uid}`, argument: login ?? String(uid) };
}
