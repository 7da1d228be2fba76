import { join } from "node:path";
import { parseRelease, type Release, type RepositoryPath } from "../../repository/index.ts";
import { checkFreshness } from "../../trust/index.ts";
import { heldDate } from "./held-release.ts";
import type { SignatureFileName } from "./signature-file.ts";
import type { SyncContext } from "./sync-context.ts";

/** Reads text whose signature held, compares its age with the clock and with what is held, and tells its warnings. */
export function readVerifiedRelease(
  context: SyncContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
  text: string,
): Release {
  const path = join(root, name);
  const release = parseRelease(text, path);
  const { allow } = context.mirror;
  const held = { now: context.now(), heldDate: heldDate(context, root), allow };
  const ofAge = checkFreshness(release, held).map((warning) => `${path}: ${warning}`);
  for (const message of [...release.warnings, ...ofAge]) context.emit({ type: "warning", message });
  return release;
}
