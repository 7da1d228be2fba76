/** Hints for files that belong to the wrong user. */
import { userInfo } from "node:os";
import { basename, dirname } from "node:path";
import { hasCode } from "../errors.ts";
import { ownDirectoryName } from "../layout.ts";
import { type Stats, statLinkIfAny } from "./look.ts";
import { userOf } from "./machine/users.ts";

/**
 * Returns what to do if this user may not open, make or remove `path`. Another user's file in a directory of this user was
 * made by a run as that user: chown(1) gives it back. Otherwise the directory itself belongs to another user.
 */
export function ownershipHint(path: string): string | undefined {
  const existing = nearestExisting(path);
  const owner = statIfPermitted(existing)?.uid;
  const self = currentUserId();
  if (owner === undefined || self === undefined || owner === self) return undefined;
  const top = topOf(existing, owner);
  const [other, me] = [userOf(owner), userOf(self)];
  const isInOwn = statIfPermitted(dirname(top))?.uid === self;
  const store = ownDirectoryAbove(top);
  // It is not the only one: a run as another user leaves its files in existing directories.
  if (isInOwn && store !== undefined && statIfPermitted(top)?.isDirectory() === false)
    return `${top} belongs to ${other.name}, its directory to ${me.name}. Give back all such files: sudo chown -R --from=${other.argument} ${me.argument}: ${store}`;
  if (isInOwn)
    return `${top} belongs to ${other.name}, its directory to ${me.name}. Give it back: sudo chown -R ${me.argument}: ${top}`;
  const whose = `${existing} belongs to ${other.name}, and this is ${me.name}.`;
  if (existing === path) return `${whose} Give it to ${me.name}: sudo chown ${me.argument}: ${path}`;
  return `${whose} Make a directory there for ${me.name}: sudo install -d -o ${me.argument} ${nextBelow(existing, path)}`;
}

/** Returns what to do if this user may not read `path`, which belongs to another user. */
export function readingHint(path: string, error: unknown): string | undefined {
  if (!hasCode(error, "EACCES", "EPERM")) return undefined;
  const closed = nearestExisting(path);
  const owner = statIfPermitted(closed)?.uid;
  const self = currentUserId();
  if (owner === undefined || self === undefined || owner === self) return undefined;
  const [other, me] = [userOf(owner), userOf(self)];
  const whose = `${closed} belongs to ${other.name}, and this is ${me.name}.`;
  return closed === path
    ? `${whose} Give it to ${me.name}: sudo chown ${me.argument}: ${path}`
    : `${whose} Let ${me.name} look into it: sudo chown ${me.argument}: ${closed}`;
}

function ownDirectoryAbove(path: string): string | undefined {
  const above = dirname(path);
  if (basename(above) === ownDirectoryName) return above;
  return above === path ? undefined : ownDirectoryAbove(above);
}

/** Returns the first part of `path` below a directory above it. */
function nextBelow(directory: string, path: string): string {
  const above = dirname(path);
  return above === directory || above === path ? path : nextBelow(directory, above);
}

function nearestExisting(path: string): string {
  return statIfPermitted(path) === undefined && dirname(path) !== path
    ? nearestExisting(dirname(path))
    : path;
}

/** Returns the highest directory above `path` with the same owner, and only that owner in between. */
function topOf(path: string, owner: number): string {
  const above = dirname(path);
  return above !== path && statIfPermitted(above)?.uid === owner ? topOf(above, owner) : path;
}

/** Returns undefined below a directory that this user may not search too: that directory is the obstacle. */
function statIfPermitted(path: string): Stats | undefined {
  try {
    return statLinkIfAny(path);
  } catch (error) {
    if (!hasCode(error, "EACCES")) throw error;
    return undefined;
  }
}

/** Returns undefined if the user has no account, as in some containers: os.userInfo() fails then. */
function currentUserId(): number | undefined {
  try {
    return userInfo().uid;
  } catch (error) {
    if (!hasCode(error, "ERR_SYSTEM_ERROR")) throw error;
    return undefined;
  }
}
