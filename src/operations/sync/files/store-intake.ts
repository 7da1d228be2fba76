import type { TreeDraft } from "../../../snapshot/index.ts";
import { assertSpaceForIndices } from "../enough-space.ts";
import type { SyncContext } from "../sync-context.ts";
import type { Intake } from "./intake.ts";
import { linkHeld, linkHeldRechecked } from "./link-held.ts";

/** Into a draft, by way of the store. */
export function storeIntake(context: SyncContext, draft: TreeDraft): Intake {
  return {
    root: draft.root,
    partials: context.layout.partial,
    assertRoomFor: (indices) => assertSpaceForIndices(context, indices),
    linkHeld: (file) => linkHeld(context, draft, file),
    linkHeldRechecked: (file) => linkHeldRechecked(context, draft, file),
    adopt: (verified, sha256, path) => context.objects.adopt(verified, sha256, draft.place(path)),
    linkWithin: (from, to) => draft.linkWithin(from, to),
  };
}
