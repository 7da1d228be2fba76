import type { Generation } from "../../publish/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { type CheckedTree, checkTree } from "./checks/check-tree.ts";
import { openVerification, type VerificationPorts } from "./open-verification.ts";
import { treeOfGeneration, treeOfSnapshot } from "./trees-to-verify.ts";

/** Files that nothing lists do not make a tree bad. */
const depth = { deep: false, strangers: false } as const;

/** Checks signatures, indices and the sizes of all files of a snapshot. Announces and records nothing. */
export async function checkSnapshot(ports: VerificationPorts, snapshot: Snapshot): Promise<CheckedTree> {
  const verification = await openVerification(ports, depth);
  return await checkTree(verification, treeOfSnapshot(snapshot));
}

/** The same for the working mirror. */
export async function checkGeneration(context: MirrorContext, generation: Generation): Promise<CheckedTree> {
  const verification = await openVerification(context, depth);
  return await checkTree(verification, await treeOfGeneration(context, generation));
}
