import { hasCode } from "../../errors.ts";
import { linkFile, removeFile, syncPath } from "../../platform/files.ts";
import { type Owner, setMode, setOwner } from "../../platform/foreign-files.ts";
import { type Stats, statLinkIfAny } from "../../platform/look.ts";
import { findDigests, isListed } from "../keeping/keep.ts";
import { ofSource, stepsOfSource, UnreadableSource } from "./source.ts";
import { isOtherFile, type TakeOutcome, type TakerTools, type Taking } from "./taking.ts";

/**
 * Takes a file by a hard link. Returns undefined if it can only be copied: it is on another file system, belongs to another
 * user, or has as many names as it may have.
 *
 * The link is made first, under a name that nobody else can reach, so that what is hashed is what becomes the object. Owner and
 * mode change only if the bytes are the listed ones, which are then hashed again. A process that has the file open for writing
 * could still change it: no other program may use that tree any longer.
 */
export function* takeByLink(
  tools: TakerTools,
  taking: Taking,
  unfinished: string,
): Generator<number, TakeOutcome | undefined, undefined> {
  const source = ofSource(() => statLinkIfAny(taking.from));
  if (source === undefined) throw new UnreadableSource("ENOENT", undefined);
  if (isOtherFile(source, taking)) return { kind: "different", found: undefined };
  if (tools.unlinkable.has(source.dev)) return undefined;
  removeFile(unfinished); // of a run that was killed
  try {
    const refusal = linkOrRefuse(taking.from, unfinished);
    if (refusal === "EXDEV") tools.unlinkable.add(source.dev);
    return refusal === undefined ? yield* adoptLinked(tools, taking, unfinished) : undefined;
  } finally {
    removeFile(unfinished);
  }
}

/** Returns why the file cannot be linked, such as EPERM: the kernel links no file of another user (fs.protected_hardlinks). */
function linkOrRefuse(from: string, unfinished: string): string | undefined {
  try {
    linkFile(from, unfinished);
    return undefined;
  } catch (error) {
    const refusal = refusals.find((code) => hasCode(error, code));
    if (refusal !== undefined) return refusal;
    throw hasCode(error, "ENOENT", "ENOTDIR") ? new UnreadableSource("ENOENT", error) : error;
  }
}

const refusals = ["EXDEV", "EPERM", "EACCES", "EMLINK", "EOPNOTSUPP", "ENOTSUP", "ENOSYS"];

function* adoptLinked(
  { objects, owner, buffer }: TakerTools,
  { listed, target }: Taking,
  path: string,
): Generator<number, TakeOutcome | undefined, undefined> {
  const linked = statLinkIfAny(path);
  // Whatever had the name at that moment: a pipe, or a symbolic link.
  if (linked === undefined || isOtherFile(linked, { listed })) return { kind: "different", found: undefined };
  const read = () => stepsOfSource(findDigests({ path, sizeBytes: linked.size }, listed.digests, buffer));
  let found = yield* read();
  if (!isListed(found, listed)) return { kind: "different", found };
  const changed = makeOwn(path, linked, owner);
  if (changed === undefined) return undefined;
  if (changed) found = yield* read();
  if (!isListed(found, listed)) return { kind: "different", found };
  if (listed.sizeBytes === undefined) syncPath(path); // no later run could tell that a power cut truncated it
  try {
    objects.adopt({ path, sizeBytes: linked.size }, found.digests.sha256, target);
    return { kind: "taken", way: "linked", sizeBytes: linked.size };
  } catch (error) {
    if (!hasCode(error, "EMLINK")) throw error;
    return undefined;
  }
}

/**
 * Lets nobody but this user write to the file. Returns whether anything had to change, and undefined if that is not possible:
 * this user may not, or the file system does not do it.
 */
function makeOwn(path: string, stats: Stats, owner: Owner): boolean | undefined {
  if (isOwn(stats, owner)) return false;
  try {
    if (stats.uid !== owner.uid) setOwner(path, owner);
    setMode(path, servedMode);
  } catch (error) {
    if (!hasCode(error, "EPERM", "EACCES")) throw error;
    return undefined;
  }
  const changed = statLinkIfAny(path);
  return changed !== undefined && isOwn(changed, owner) ? true : undefined;
}

const servedMode = 0o644;
const isOwn = ({ uid, mode }: Stats, owner: Owner): boolean =>
  uid === owner.uid && (mode & 0o7777) === servedMode;
