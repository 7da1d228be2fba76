import { closeFile, makeDirectory, removeFile } from "../../platform/files.ts";
import { cloneFile, openForeign } from "../../platform/foreign-files.ts";
import { statIfAny, statLinkIfAny } from "../../platform/look.ts";
import { ofSource, UnreadableSource } from "./source.ts";
import type { TakerOptions } from "./take-file.ts";

/** Says whether objects made of files like this one, on the same device, take no space of their own. Tries it. */
export function sharesSpace(from: string, { aside, link }: TakerOptions): boolean {
  makeDirectory(aside, 0o700);
  try {
    if (link && mayBeLinked(from, aside)) return true;
    return canBeCloned(from, `${aside}/trial.found`);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    return false;
  }
}

/** The kernel, or the taker, links no file of another user, unless this is root. */
function mayBeLinked(from: string, aside: string): boolean {
  const [file, own] = [ofSource(() => statLinkIfAny(from)), statIfAny(aside)];
  return file !== undefined && file.dev === own?.dev && (file.uid === own.uid || own.uid === 0);
}

function canBeCloned(from: string, trial: string): boolean {
  const descriptor = ofSource(() => openForeign(from));
  try {
    removeFile(trial);
    return cloneFile(descriptor, trial);
  } finally {
    closeFile(descriptor);
    removeFile(trial);
  }
}
