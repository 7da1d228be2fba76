import { rmSync } from "node:fs";
import type { Contestant } from "../measure/row.ts";
import type { Mirror } from "../stage/mirror.ts";

/** Copies the working mirror by hard links, as a snapshot does: the floor for making one. */
export const linkedCopy = (mirror: Mirror): Contestant => ({
  name: "cp -al",
  prepare: () => rmSync(copyOf(mirror), { recursive: true, force: true }),
  command: () => copying(mirror),
});

/** Removes such a copy: the floor for deleting a snapshot. */
export const removedCopy = (mirror: Mirror): Contestant => ({
  name: "rm -rf",
  async prepare() {
    rmSync(copyOf(mirror), { recursive: true, force: true });
    await mirror.do(copying(mirror));
  },
  command: () => ({ argv: ["rm", "-rf", copyOf(mirror)] }),
});

/** With "/." at its end, which `join` would drop, cp follows the link. */
const copying = (mirror: Mirror) => ({
  argv: ["cp", "-al", `${mirror.join("www/m1/.live")}/.`, copyOf(mirror)],
});

const copyOf = (mirror: Mirror): string => mirror.join("copy");
