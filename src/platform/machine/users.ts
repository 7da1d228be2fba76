import { readBytesIfAny, statIfAny } from "../look.ts";

/** A user who runs mirrorctl, or owns a file. */
export interface User {
  readonly uid: number;
  /** For messages. */
  readonly name: string;
  /** The form that commands such as chown take. */
  readonly argument: string;
  /** The form that sudo takes in a shell; it would read a plain number as a name. */
  readonly sudoArgument: string;
}

/** The owner of a file. */
export interface Owner extends User {
  /** The group of the file. */
  readonly groupId: number;
}

/** Looks up a user in /etc/passwd. A user without an entry, as in many containers, gets its number as a name. */
export function userOf(uid: number): User {
  const login = accountOf(uid)?.login;
  return {
    uid,
    name: login ?? `uid ${uid}`,
    argument: login ?? String(uid),
    sudoArgument: login ?? `'#${uid}'`,
  };
}

/** Returns the owner of the file that a path leads to; undefined if there is none. */
export function ownerOf(path: string): Owner | undefined {
  const stats = statIfAny(path);
  return stats && { ...userOf(stats.uid), groupId: stats.gid };
}

/**
 * Returns the groups of an owner: first that of the account, then those that list it as a member; see passwd(5) and
 * group(5). An owner without an account has the group of its file.
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
