import { chmodSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestbed, type Testbed } from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";

let site: Testbed;
beforeAll(async () => {
  site = await createTestbed({});
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const secretFile = (name: string, content: string, mode = 0o640): string => {
  const path = site.join(name);
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
};

async function check(...notify: readonly object[]) {
  site.configure({ mirrors: { noble: {} }, notify });
  chmodSync(site.configFile, 0o600);
  const { status, stdout } = await runCommand(["-c", site.configFile, "check", "config"]);
  return { status, stdout: stdout.replaceAll(`${site.path}/`, "") };
}

const url = "https://hooks.example/x";

test.each([
  [{ type: "slack", url_file: "missing" }, "notify[0].url_file: cannot read missing: there is no such file"],
  [
    { type: "slack", url_file: "blank" },
    "notify[0].url_file: blank is not one word alone, as a URL or a secret is",
  ],
  [
    { type: "slack", url_file: "word" },
    "notify[0].url_file: word has something else than an http or https URL",
  ],
  [
    { type: "webhook", url, secret_file: "word" },
    "notify[0].secret_file: word has something else than whsec_",
  ],
  [
    { type: "command", command: ["no-such-pager"] },
    "notify[0].command: no-such-pager cannot be found or run as a program",
  ],
  [
    { type: "email", to: "root", command: ["/nonexistent/sendmail"] },
    "run as a program: install a mail server",
  ],
  [{ type: "slack", url, ca_cert_file: "word" }, "notify[0].ca_cert_file: word "],
])("finds that %j can never tell anything", async (table, problem) => {
  secretFile("blank", "\n");
  secretFile("word", "T0KEN\n");
  const { status, stdout } = await check(table);
  expect(stdout).toContain(problem);
  expect(stdout).not.toContain("T0KEN");
  expect(status).toBe(2);
});

test("names files with secrets that everybody can read", async () => {
  secretFile("open.url", url, 0o644);
  secretFile("closed.url", url);
  const { status, stdout } = await check(
    { type: "slack", url_file: "open.url" },
    { type: "slack", url_file: "closed.url" },
    { type: "ntfy", url },
  );
  expect(stdout.match(/^note: \S+ has a secret/gm)).toEqual(["note: open.url has a secret"]);
  expect(status).toBe(0);
  chmodSync(site.configFile, 0o644);
  const again = await runCommand(["-c", site.configFile, "check", "config"]);
  expect(again.stdout).toContain(
    "mirror.toml has a secret of [[notify]], and everybody on this machine can read it",
  );
});
