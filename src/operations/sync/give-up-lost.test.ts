import { existsSync, mkdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { flushFileSystems } from "../../platform/flushing/flush-file-systems.ts";
import type { MirrorContext } from "../context.ts";
import { givingUpLost } from "./give-up-lost.ts";
import { openMirror } from "./test-support.ts";

/** A mirror of whose sync something is left that no name shows. */
async function openInterrupted(): Promise<MirrorContext> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  const context = await mirror.context();
  mkdirSync(context.layout.partial, { recursive: true });
  mkdirSync(`${context.layout.partial}/started`);
  return context;
}

const failed = new Error("upstream is gone");
const fail = (): Promise<never> => Promise.reject(failed);

/** A flush of another mirror of the same run that fails: the second path does not exist. */
const loseWrite = ({ layout: { dir }, signal }: MirrorContext): Promise<void> =>
  flushFileSystems([dir, `${dir}/none`], signal);

test("a sync that fails keeps what it has stored", async () => {
  const context = await openInterrupted();
  await expect(givingUpLost(context, fail)).rejects.toBe(failed);
  expect(existsSync(context.layout.partial)).toBe(true);
});

test("a sync that fails gives up what may be lost by a flush of another mirror", async () => {
  const context = await openInterrupted();
  await expect(loseWrite(context)).rejects.toMatchObject({ code: "WRITE_LOST" });
  await expect(givingUpLost(context, fail)).rejects.toBe(failed);
  expect(existsSync(context.layout.partial)).toBe(false);
});

const removeOthers = (): Promise<never> => Promise.reject(new Error("EROFS: read-only file system"));

test("a lost write is reported if what was stored cannot be removed", async () => {
  const context = await openInterrupted();
  const stuck = { ...context, working: { ...context.working, removeOthers } };
  await expect(givingUpLost(stuck, () => loseWrite(context))).rejects.toMatchObject({
    code: "WRITE_LOST",
    items: ["What was stored cannot be removed: EROFS: read-only file system"],
    hint: expect.stringContaining("start the machine again"),
  });
});
