/** The files of conf.d, as commands read them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type CommandOutcome, runCommand } from "../../test/support/run-command.ts";
import { type TemporaryDirectory, temporaryDirectory } from "../../test/support/temporary-directory.ts";

type Files = Readonly<Record<string, string>>;

async function writeFiles(files: Files): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  for (const name of ["conf.d", "www"]) mkdirSync(directory.join(name));
  for (const [name, text] of Object.entries(files)) writeFileSync(directory.join(name), text);
  return directory;
}

const check = (directory: TemporaryDirectory, ...flags: readonly string[]): Promise<CommandOutcome> =>
  runCommand(["check", "config", "--config", directory.join("mirror.toml"), ...flags], {
    homeDir: directory.path,
  });

const mirror = (id: string): string => `[mirrors.${id}]
url = "http://127.0.0.1:9/${id}"
suites = ["stable/"]
no_pgp_check = true
`;

const files = {
  "mirror.toml": 'dir = "~/www"\n',
  "conf.d/20-b.toml": mirror("b"),
  "conf.d/10-a.toml": mirror("a"),
  "conf.d/10-a.toml.dpkg-old": "left alone",
  "conf.d/.hidden.toml": "left alone",
  "conf.d/README": "left alone",
};

test("check config names all files that it read, in their order", async () => {
  await using directory = await writeFiles(files);
  const { status, stdout } = await check(directory);
  const read = ["mirror.toml", "conf.d/10-a.toml", "conf.d/20-b.toml"].map((name) => directory.join(name));
  expect(stdout).toContain(`\n${read.join(", ")} have 2 mirrors in ${directory.join("www")}:\n`);
  expect(status).toBe(0);
  expect(JSON.parse((await check(directory, "--json")).stdout)).toMatchObject({
    files: read,
    mirrors: [{ id: "a" }, { id: "b" }],
  });
});

test("check config names the file of a mistake, and what else was read", async () => {
  await using directory = await writeFiles({ ...files, "conf.d/20-b.toml": `${mirror("b")}sutes = 1\n` });
  const { status, stdout } = await check(directory);
  expect(status).toBe(2);
  expect(stdout).toContain(`problem: ${directory.join("conf.d/20-b.toml")}:5:1: unknown key mirrors.b.sutes`);
  expect(stdout).toMatch(/^the files that were read: .*10-a\.toml, /m);
});

test("a directory in place of a file is an error that names it", async () => {
  await using directory = await writeFiles(files);
  mkdirSync(directory.join("conf.d/30.toml"));
  const { status, stderr } = await check(directory);
  expect(status).toBe(2);
  expect(stderr).toBe(
    `ERROR cannot read the configuration file ${directory.join("conf.d/30.toml")}: it is a directory\n` +
      "      Every file of conf.d whose name ends in .toml is read.\n",
  );
});

test("a link that leads nowhere is an error, as a file or as conf.d itself", async () => {
  await using directory = await writeFiles(files);
  symlinkSync("30.toml", directory.join("conf.d/30.toml"));
  const loop = await check(directory);
  expect(loop.stderr).toContain(
    `${directory.join("conf.d/30.toml")}: it is a symbolic link that leads to itself`,
  );
  expect(loop.status).toBe(2);

  await using other = await writeFiles({ "mirror.toml": `dir = "~/www"\n${mirror("a")}` });
  rmdirSync(other.join("conf.d"));
  symlinkSync("/nowhere", other.join("conf.d"));
  const { status, stderr } = await check(other);
  expect(stderr).toContain(`${other.join("conf.d")}: it is neither a directory nor a link to one`);
  expect(status).toBe(2);
});

test("a file in another encoding is refused, and its line named", async () => {
  await using directory = await writeFiles(files);
  writeFileSync(
    directory.join("mirror.toml"),
    Buffer.from('# M\u00fcller\ndir = "~/M\u00fcller"\n', "latin1"),
  );
  const { status, stderr } = await check(directory);
  expect(stderr).toContain(`${directory.join("mirror.toml")}:1: not valid TOML: the text is not UTF-8`);
  expect(status).toBe(2);
});

test("a pipe among the files is named, and nobody waits for its writer", async () => {
  await using directory = await writeFiles(files);
  execFileSync("sh", ["-c", 'mkfifo "$0"', directory.join("conf.d/30-pipe.toml")]);
  const { status, stderr } = await check(directory);
  expect(status).toBe(2);
  expect(stderr).toContain("conf.d/30-pipe.toml: it is a pipe or a socket");
});

test("a file without an end is not read to its end", async () => {
  await using directory = await writeFiles(files);
  symlinkSync("/dev/zero", directory.join("conf.d/30-zero.toml"));
  const { status, stderr } = await check(directory);
  expect(status).toBe(2);
  expect(stderr).toContain("conf.d/30-zero.toml: it is far too large");
});
