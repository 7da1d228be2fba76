/** Each step of a sync with --files fails on the disk: no object has wrong bytes, and the other tree stays as it is. */
import { chmodSync, cpSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestbed, listFiles, type Testbed, temporaryDirectory } from "../support/index.ts";
import { Site } from "../support/site.ts";
import { failEachStep, recordSteps } from "./fail-each-step.ts";
import { putForeignFiles } from "./foreign-files.ts";

let origin: Testbed;

beforeAll(async () => {
  origin = await createTestbed({});
  origin.upstream
    .suite("noble", { compressions: ["gz"], signatures: "inline", digests: ["SHA256"] })
    .addPackage("small", "1.0")
    .addPackage("large", "1.0", { files: { "usr/share/data": Buffer.alloc(600_000, "data ") } })
    .addPackage("damaged", "1.0");
  await origin.upstream.publish();
});
afterAll(async () => {
  recordSteps("Failing steps of syncs with files of this disk");
  await origin[Symbol.asyncDispose]();
});

/** Mode and bytes of each file of the other tree. */
async function stateOf(old: string): Promise<readonly string[]> {
  const paths = await listFiles(old);
  return paths.map((path) => {
    const { mode, ino } = lstatSync(join(old, path));
    return `${path} ${mode} ${ino} ${readFileSync(join(old, path)).toString("base64")}`;
  });
}

test.each([false, true])("no step that fails makes a wrong object (link: %s)", async (link) => {
  await using old = await temporaryDirectory();
  cpSync(join(origin.upstream.dir, "pool"), old.join("pool"), { recursive: true });
  const damaged = old.join("pool/main/d/damaged/damaged_1.0_amd64.deb");
  writeFileSync(damaged, readFileSync(damaged).fill("x"));
  if (!link) chmodSync(old.join("pool/main/s/small/small_1.0_amd64.deb"), 0o600);
  await using template = await Site.make({ url: origin.server.url, keyFile: origin.keyFile });
  putForeignFiles(template);
  const before = await stateOf(old.path);
  const found = { directories: [old.path], link };
  const { steps, problems } = await failEachStep({
    template,
    run: (site) => site.sync("noble", { found }),
    isSlow: true,
    ...(link ? { mayFail: /^close .*\.found$/ } : {}), // a linked file that cannot be read is downloaded
  });
  expect(problems).toEqual([]);
  expect(steps.EIO).toBeGreaterThan(10);
  expect(await stateOf(old.path)).toEqual(before);
});
