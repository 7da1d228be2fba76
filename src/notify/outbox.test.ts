import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/temporary-directory.ts";
import type { Lock } from "../platform/locks/lock.ts";
import { type OutboxState, openOutbox } from "./index.ts";

const lock: Lock = { release: () => undefined, [Symbol.dispose]: () => undefined };
const told: OutboxState = { mirrors: { noble: { expiring: [], damaged: [] } }, disks: ["/srv"], queue: [] };

test("keeps what was reported, and begins again after damage", async () => {
  await using dir = await temporaryDirectory();
  const path = dir.join("outbox.json");
  const outbox = openOutbox(path, () => Promise.resolve(lock));
  writeFileSync(path, '{"format":1,"mirr');
  await outbox.update(() => ({ state: told, result: undefined }));
  expect(outbox.read()).toMatchObject(told);
});

test("leaves the messages that wait for a later version", async () => {
  await using dir = await temporaryDirectory();
  const path = dir.join("outbox.json");
  const later = '{"format":2,"waiting":["a message"]}\n';
  writeFileSync(path, later);
  const outbox = openOutbox(path, () => Promise.resolve(lock));
  const update = outbox.update(() => ({ state: told, result: undefined }));
  await expect(update).rejects.toThrow(`a later version of mirrorctl wrote ${path}`);
  expect(readFileSync(path, "utf8")).toBe(later);
});
