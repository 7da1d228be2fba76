import { readBytesIfAny, statIfAny } from "./files.ts";

/** Who runs mirrorctl, or owns a file. */
export interface User {
  readonly uid: number;
  /** For messages. */
  readonly name: string;
  /** As commands such as chown take it. */
  readonly argument: string;
  /** As sudo takes it, in a shell: a number alone would be a name. */
  readonly sudoArgument: string;
}

/** The owner of a file. */
export interface Owner extends User {
  /** The group of that file. */
  readonly groupId: number;
}

/** Looks a user up in /etc/passwd; one that is not there, as in many containers, is named by its number. */
export function userOf(uid: number): User {
  const login = accountOf(uid)?.login;
  return {
    uid,
    name: login ?? `uid ${uid}`,
    argument: login ?? String(uid),
    sudoArgument: login ?? `'#${uid}'`,
  };
}

/** The owner of what a path leads to; undefined if nothing is there. */
export function ownerOf(path: string): Owner | undefined {
  const stats = statIfAny(path);
  return stats && { ...userOf(stats.uid), groupId: stats.gid };
}

/**
 * The groups of an owner: first that of the account, then those that list it as a member; see passwd(5) and group(5).
 * An owner without an account has the group of what it owns.
 */
export function groupIdsOf({ uid, groupId }: Owner): readonly [number, ...number[]] {
  const account = accountOf(uid);
  if (account === undefined) return [groupId];
  const others = recordsOf("/etc/group").filter(([, , , members]) =>
    members?.split(",").includes(account.login),
  );
  return [account.groupId, ...others.map(([, , id]) => Number(id))];
}

function accountOf(uid: number): { readonly login: string; readonly groupId: number } | undefined {
  for (const [login, , user, groupId] of recordsOf("/etc/passwd")) {
    if (login !== undefined && user === String(uid)) return { login, groupId: Number(groupId) };
  }
  return undefined;
}

const recordsOf = (path: string): readonly (readonly string[])[] =>
  (readBytesIfAny(path)?.toString("utf8") ?? "").split("\n").map((line) => line.split(":"));
