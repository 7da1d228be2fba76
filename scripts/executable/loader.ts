/** The main script of the executable: loads the parts of the program when they are needed, each with its code cache. */
import { getRawAsset } from "node:sea";
import { Script } from "node:vm";
import type * as Heap from "../../src/platform/machine/heap.ts";
import { openParts } from "./open-parts.ts";

/** The first argument of a completion. */
declare const MIRRORCTL_COMPLETING: string;

const withUsualFlags: typeof Heap.withUsualFlags = (load) =>
  isStarted
    ? (fromPart("start", "src/platform/machine/heap.ts") as typeof Heap).withUsualFlags(load)
    : load();

let isStarted = false;
const fromPart = openParts(
  (part) => withUsualFlags(() => compile(part)),
  (id) => withUsualFlags(() => require(id)),
  __filename,
);

function compile(part: string): Script {
  const source = Buffer.from(getRawAsset(`${part}.js`)).toString("latin1"); // it is ASCII
  const cachedData = new Uint8Array(getRawAsset(`${part}.cache`));
  return new Script(source, { filename: `mirrorctl-${part}.js`, cachedData });
}

if (process.argv[2] === MIRRORCTL_COMPLETING) {
  fromPart("completion", "src/complete.ts");
} else {
  fromPart("start", "src/main.ts");
  isStarted = true;
}
