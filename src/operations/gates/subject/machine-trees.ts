import type { MachineTrees } from "../../installable/index.ts";
import { openFoundTree } from "../../trees/index.ts";
import type { BesideMirror } from "./beside.ts";
import type { Subject } from "./subject.ts";

/** What machines find packages in, of the tested mirror first. */
interface TreesOfMachines {
  /** Now, in production; undefined if production of the tested mirror shows nothing. */
  readonly before: MachineTrees | undefined;
  /** Once the snapshot is promoted. */
  readonly after: MachineTrees;
  /** Throws if one of the trees was removed or replaced since. */
  readonly assertUnchanged: () => void;
}

/** Opens the trees of machines that install from these other mirrors too. */
export async function openMachineTrees(
  subject: Subject,
  others: readonly string[],
): Promise<TreesOfMachines> {
  const { ports, tree } = subject;
  const shown = await subject.production();
  const mirrors: BesideMirror[] = [];
  for (const id of others) mirrors.push(await subject.beside(id));
  const found = [tree, shown, ...mirrors.flatMap(({ before, after }) => [before, after])];
  return {
    before: shown && [openFoundTree(ports, shown), ...mirrors.flatMap(openBefore)],
    after: [openFoundTree(ports, tree), ...mirrors.map((one) => openFoundTree(one.ports, one.after))],
    assertUnchanged: () => {
      for (const one of found) one?.assertUnchanged();
    },
  };
}

const openBefore = ({ ports, before }: BesideMirror) =>
  before === undefined ? [] : [openFoundTree(ports, before)];
