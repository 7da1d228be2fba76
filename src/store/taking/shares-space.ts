import { closeFile, makeDirectory, removeFile, statIfAny, statLinkIfAny } from "../../platform/files.ts";
import { cloneFile, openForeign } from "../../platform/foreign-files.ts";
import { ofSource, UnreadableSource } from "./source.ts";
import type { TakerOptions } from "./take-file.ts";

/** Says whether objects made of files like this one, on the same device, take no space of their own. Tries it. */
export function sharesSpace(from: string, { aside, link }: TakerOptions): boolean {
  makeDirectory(aside, 0o700);
  try {
    if (link && ofSource(() => statLinkIfAny(from))?.dev === statIfAny(aside)?.dev) return true;
    return canBeCloned(from, `${aside}/trial.found`);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    return false;
  }
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
