/**
 * The process of a completion: the scripts of `mirrorctl completion` start `mirrorctl __complete …` at each Tab. The
 * executable begins with this program in a bundle of its own (scripts/build.ts), because a shell waits for it: main.ts takes
 * three times as long to load.
 */
import { completeNames } from "./completion/index.ts";
import { writeFully } from "./platform/files.ts";

const { env } = process;
const names = completeNames(process.argv.slice(3), { env, homeDir: env.HOME ?? "/" });
writeFully(1, Buffer.from(names.map((name) => `${name}\n`).join("")));
