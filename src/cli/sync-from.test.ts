import { expect, test } from "vitest";
import { createTestbed } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

test("sync --from reads one directory for one mirror, and says so", async () => {
  await using testbed = await createTestbed({ mirrors: { debian: {}, other: {} } });
  testbed.upstream.suite("stable").addPackage("hello", "1.0-1");
  await testbed.upstream.publish();
  const run = (...words: string[]) => runCommand(["--config", testbed.configFile, ...words]);
  for (const ids of [[], ["debian", "other"]]) {
    const { status, stderr } = await run("sync", ...ids, "--from", testbed.upstream.dir);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining("one mirror") });
  }
  const { status, stderr } = await run("sync", "debian", "--from", testbed.upstream.dir);
  expect({ status, requests: testbed.server.requests }).toEqual({ status: 0, requests: [] });
  expect(stderr).toContain(`Reading ${testbed.upstream.dir} in place of upstream`);
  expect(stderr).toContain(`1 synced; 1 file (`);
  expect(stderr).toContain(`copied from ${testbed.upstream.dir}`);
  const history = await run("history", "debian");
  expect(history.stdout).toContain(`1 file copied from ${testbed.upstream.dir}`);
});

test("export says what it copied, and what to do on the other side", async () => {
  await using testbed = await createTestbed({ mirrors: { debian: {} } });
  testbed.upstream.suite("stable").addPackage("hello", "1.0-1");
  await testbed.upstream.publish();
  const run = (...words: string[]) => runCommand(["--config", testbed.configFile, ...words]);
  await run("sync");
  const disk = testbed.join("disk");
  const planned = await run("export", "debian", "--to", disk, "--dry-run");
  expect(planned.stdout).toMatch(
    /^The working mirror of debian would be in .*disk: \d+ files \(.*\) to copy\n$/,
  );
  const exported = await run("export", "debian", "--to", disk);
  expect(exported.stderr).toMatch(/INFO {2}Copying \d+ files \(.*\) to .*disk\n/);
  expect(exported.stdout).toMatch(/^The working mirror of debian is in .*disk: \d+ files \(.*\) copied\n/);
  expect(exported.stdout).toContain(`mirrorctl sync debian --from ${disk}\n`);
  expect(await run("export", "debian")).toMatchObject({ status: 2 });
});
