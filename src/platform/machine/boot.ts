import { readBytesIfAny } from "../look.ts";

/**
 * Returns a text that is new each time the machine starts, see random(4). What one boot wrote may be lost to the next, if
 * the power went in between. Undefined if the kernel does not say.
 */
export const currentBoot = (): string | undefined => readBytesIfAny(bootId)?.toString("latin1").trim();

const bootId = "/proc/sys/kernel/random/boot_id";
