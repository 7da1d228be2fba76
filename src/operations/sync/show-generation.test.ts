import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { digestOf } from "../../../test/support/digests.ts";
import { listFiles } from "../../../test/support/index.ts";
import type { Generation } from "../../publish/index.ts";
import { parseSha256 } from "../../repository/index.ts";
import type { MirrorContext } from "../context.ts";
import { followWorking, openSite } from "../test-support.ts";
import { showGeneration } from "./show-generation.ts";

const files = { "dists/noble/by-hash/a": "index", "pool/a.deb": "package" };

async function mirrorWith(extra: string): Promise<MirrorContext> {
  const site = await openSite(extra);
  await site.addTree("noble", files);
  return site.mirror("noble");
}

/** Shows an empty generation. Returns the files that it keeps. */
async function showEmpty(noble: MirrorContext): Promise<readonly string[]> {
  const { generation }: { readonly generation: Generation } = noble.working.next(new Date());
  mkdirSync(generation.path);
  await showGeneration(noble, generation, undefined);
  return await listFiles(generation.path);
}

test("keeps the files of the generation before, for clients that know it", async () => {
  const noble = await mirrorWith("");
  expect(await showEmpty(noble)).toEqual(Object.keys(files));
});

test("keeps no file that is known to be damaged", async () => {
  const noble = await mirrorWith("");
  noble.objects.disown(parseSha256(digestOf(Buffer.from("index"), "SHA256")));
  noble.memory.markDamaged(noble.working.current()?.name ?? "");
  expect(await showEmpty(noble)).toEqual(["pool/a.deb"]);
});

test("keeps nothing if no public name shows the working mirror", async () => {
  const hidden = "[mirrors.noble.publish]\nworking = false";
  expect(await showEmpty(await mirrorWith(hidden))).toEqual([]);
  const followed = await mirrorWith(hidden);
  await followWorking(followed, "production");
  expect(await showEmpty(followed)).toEqual(Object.keys(files));
});
