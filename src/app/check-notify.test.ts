import { existsSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mirrorOfEachTest, secret, webhook } from "./notifying.fixture.ts";

const bed = mirrorOfEachTest();
const { keptFile, notify, run } = bed;

describe("check notify", () => {
  test("sends a test message to each, and says who took it", async () => {
    notify(
      webhook,
      { type: "healthchecks", url: `${bed.receiver.url}/uuid` },
      { type: "command", command: ["/bin/false"] },
    );
    const { status, stdout } = await run("check notify");
    expect(status).toBe(1);
    expect(stdout).toContain("webhook 1       sent");
    expect(stdout).toContain("command 3       not sent: /bin/false exited with 1");
    expect(stdout).toContain("healthchecks 2  sent");
    expect(bed.receiver.received.map(({ target }) => target).toSorted()).toEqual([
      "/hooks/T0KEN-of-a-hook",
      "/uuid/log",
    ]);
    expect(existsSync(keptFile())).toBe(false);
  });

  test("reads secrets from files", async () => {
    writeFileSync(bed.site.join("hook-url"), `${bed.receiver.url}/from-a-file\n`);
    writeFileSync(bed.site.join("hook-secret"), `${secret}\n`);
    bed.site.configure({
      mirrors: { noble: {} },
      notify: [{ type: "webhook", url_file: "hook-url", secret_file: "hook-secret" }],
    });
    expect((await run("check notify")).status).toBe(0);
    expect(bed.receiver.received.map(({ target }) => target)).toEqual(["/from-a-file"]);
  });

  test("says that nobody is named", async () => {
    notify();
    expect(await run("check notify")).toMatchObject({
      status: 0,
      stdout: "The configuration has no [[notify]] table: nobody is notified.\n",
    });
  });
});
