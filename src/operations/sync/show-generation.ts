import { join } from "node:path";
import { inodeIfAny } from "../../platform/look.ts";
import type { Generation } from "../../publish/index.ts";
import type { Ports } from "../context.ts";
import { keepNow, tellCarried } from "../production/index.ts";

/**
 * Makes the working mirror show another generation, which keeps files of the one before for its clients.
 * `leaving`: those that it may lack, if that is known.
 */
export async function showGeneration(
  ports: Ports<"mirror" | "working" | "memory" | "objects" | "signal" | "now" | "emit">,
  generation: Generation,
  leaving: readonly string[] | undefined,
): Promise<void> {
  const { working, signal } = ports;
  const isSound = await soundFilesOf(ports, working.current());
  const keep = {
    ...keepNow(ports),
    ...(isSound === undefined ? {} : { isSound }),
    ...(leaving === undefined ? {} : { leaving }),
  };
  tellCarried(ports, await working.show(generation, keep, signal));
}

/** Returns how to tell sound files if the generation is known to be damaged: damaged bytes are not an object any longer. */
async function soundFilesOf(
  { memory, objects, signal }: Ports<"memory" | "objects" | "signal">,
  shown: Generation | undefined,
): Promise<((path: string) => boolean) | undefined> {
  if (shown === undefined || shown.name !== memory.damagedGeneration()) return undefined;
  const sound = await objects.inodeIds(signal);
  return (path) => sound.has(inodeIfAny(join(shown.path, path))?.id ?? "");
}
