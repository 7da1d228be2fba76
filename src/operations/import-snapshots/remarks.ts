import type { MirrorNews } from "../../report/events.ts";
import { releaseNoteText, signatureNoteText } from "../../report/words/release/release-notes.ts";
import { suiteNoteText } from "../../report/words/release/suite-notes.ts";
import { listOf } from "../../report/words/short-list.ts";
import type { MirrorContext } from "../context.ts";

/** What is unusual about a tree, in sentences. Filled while the tree is read. */
export type Remarks = readonly string[];

/**
 * Collects what a sync would warn of. Much of that is nothing to warn of in a tree of the past: an expiry should be
 * expected. What is left goes to the caller's own `emit`.
 */
export function remarking(emit: MirrorContext["emit"]): {
  readonly emit: MirrorContext["emit"];
  readonly remarks: Remarks;
} {
  const remarks: string[] = [];
  return {
    remarks,
    emit(news) {
      const remark = remarkOf(news);
      if (remark !== undefined) remarks.push(remark);
      else if (!ofEachSync.has(news.type) && !isNothing(news)) emit(news);
    },
  };
}

function remarkOf(news: MirrorNews): string | undefined {
  if (news.type === "release-noted")
    return `${news.path}: ${news.note.kind === "accepted" ? news.note.reason : releaseNoteText(news.note)}`;
  if (news.type === "signature-noted")
    return `${news.suite}: ${news.note.kind === "accepted" ? news.note.reason : signatureNoteText(news.note)}`;
  // A sync refuses another suite's Release once it has held the right one. A tree of the past may be somebody's mistake.
  if (news.type === "suite-noted" && news.note.kind === "other-names")
    return `${news.suite}: ${suiteNoteText(news.note)}`;
  if (news.type === "indices-left-out") return `${news.suite}: the copy lacks ${listOf(news.names)}`;
  if (news.type === "companions-left-out") return `${news.path} is not in the copy, or cannot be used`;
  return undefined;
}

/** A tree of which everything is held needs no file of its directory. */
const isNothing = (news: MirrorNews): boolean =>
  (news.type === "files-reused" || news.type === "transfer-planned") && news.files === 0;

/** What says nothing about this tree in particular. */
const ofEachSync: ReadonlySet<MirrorNews["type"]> = new Set([
  "release-requested",
  "signature-valid",
  "packages-filtered",
  "suite-noted",
  "variant-left-out",
  "upstream-replaced",
]);
