import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nginxAvailable, startNginx } from "./nginx.ts";
import { ask } from "./raw-request.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

test("is there", () => {
  expect(nginxAvailable()).toBe(true);
});

test("serves files, through links too, lists nothing and forgets nothing", async () => {
  await using directory = await temporaryDirectory();
  mkdirSync(directory.join("root/real"), { recursive: true });
  writeFileSync(directory.join("root/real/file"), "content");
  symlinkSync("real", directory.join("root/current"));
  await using nginx = await startNginx({ root: directory.join("root") });
  expect(nginx.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await ask(nginx.url, "/current/file")).toMatchObject({ status: 200, body: "content" });
  expect((await ask(nginx.url, "/current/")).status).toBe(403);
  expect(await ask(nginx.url, "/current/file", { headers: { Range: "bytes=3-" } })).toMatchObject({
    status: 206,
    body: "tent",
  });
  expect((await ask(nginx.url, "/missing")).status).toBe(404);
  expect(await nginx.errorLog()).toContain("/missing");
  expect(existsSync(directory.join("root/temp"))).toBe(false);
});

test("several run at once, and leave nothing once stopped", async () => {
  await using directory = await temporaryDirectory();
  const both = await Promise.all([
    startNginx({ root: directory.path }),
    startNginx({ root: directory.path }),
  ]);
  expect(both[0].url).not.toBe(both[1].url);
  for (const nginx of both) {
    await ask(nginx.url, "/missing");
    expect(await nginx.errorLog()).not.toBe("");
    await nginx.stop();
    await nginx.stop();
    await expect(ask(nginx.url, "/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await nginx.errorLog()).toBe("");
  }
});

test("says why nginx does not start", async () => {
  await expect(startNginx({ root: 'bad"root' })).rejects.toThrow(/nginx ended: .*unexpected/s);
});
