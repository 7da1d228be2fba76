import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

async function listed(content: string) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const list = directory.join("mirror.list");
  writeFileSync(list, content);
  return { list, config: directory.join("mirror.toml"), auth: directory.join("auth.conf"), directory };
}

const line = "deb http://deb.example.org/debian bookworm main\n";

test("prints a configuration, and a report on standard error", async () => {
  const { list } = await listed(`set nthreads 4\n${line}`);
  const { status, stdout, stderr } = await runCommand(["import", "apt-mirror", list]);
  expect(status).toBe(0);
  expect(stdout).toContain("max_conns = 4\n");
  expect(stdout).toContain("[mirrors.debian-bookworm]\n");
  expect(stderr).toContain("line 1: set nthreads 4 -> max_conns = 4: connections to one upstream at a time");
});

test("exits with 3 if something is not supported, and says so in the file", async () => {
  const { list } = await listed(`set limit_rate 1m\n${line}`);
  const { status, stdout } = await runCommand(["import", "apt-mirror", list]);
  expect(status).toBe(3);
  expect(stdout).toContain("# - line 1: set limit_rate 1m: there is no limit of the rate");
});

test("writes a configuration, and passwords that only its user can read", async () => {
  const { list, config, auth } = await listed("deb https://ada:s3cret@vendor.example/apt stable main\n");
  const { status, stdout, stderr } = await runCommand(["import", "apt-mirror", list, "--write", config]);
  expect(status).toBe(0);
  expect(stdout).toContain(`Next: mirrorctl check config -c ${config}`);
  expect(stdout + stderr + readFileSync(config, "utf8")).not.toContain("s3cret");
  expect(readFileSync(auth, "utf8")).toBe("machine https://vendor.example login ada password s3cret\n");
  expect(statSync(auth).mode & 0o777).toBe(0o600);
});

test("never writes over a file", async () => {
  const { list, config, auth, directory } = await listed(
    "deb https://ada:s3cret@vendor.example/apt stable main\n",
  );
  writeFileSync(auth, "machine other.example login x password y\n");
  await runCommand(["import", "apt-mirror", list, "--write", config]);
  expect(readFileSync(auth, "utf8")).toContain("other.example");
  expect(existsSync(directory.join("auth.conf.d", "import-apt-mirror.conf"))).toBe(true);
  const before = readFileSync(config, "utf8");
  const again = await runCommand(["import", "apt-mirror", list, "--write", config]);
  expect(again.status).toBe(2);
  expect(again.stderr).toContain(`${config} exists already, and import writes over no file`);
  expect(readFileSync(config, "utf8")).toBe(before);
});

test("reads the arguments of debmirror", async () => {
  const words = [
    "--host=deb.example.org",
    "--dist=bookworm",
    "--section=main",
    "--arch=amd64",
    "--method=http",
  ];
  const args = ["--json", "import", "debmirror", "--", ...words, "--root=debian", "/srv/mirror"];
  const { status, stdout } = await runCommand(args);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    mirrors: ["debian-bookworm"],
    written: [],
    unwrittenPasswords: [],
  });
});

test.each([
  [
    ["import", "apt-mirror", "/nonexistent/mirror.list"],
    "cannot read /nonexistent/mirror.list: there is no such file",
  ],
  [["import", "aptly"], "aptly has no file of its own to read"],
  [["import", "rsync"], "Allowed choices are apt-mirror, apt-mirror2, aptly, debmirror"],
])("refuses %j", async (args, message) => {
  const { status, stderr } = await runCommand(args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
