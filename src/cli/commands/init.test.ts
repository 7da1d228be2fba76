import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTestbed, type Testbed } from "../../../test/support/index.ts";
import { type CommandOutcome, runCommand } from "../../../test/support/run-command.ts";

/** An upstream, and an empty folder in which there will be a configuration. */
async function openSite() {
  const bed = await createTestbed({});
  onTestFinished(() => bed[Symbol.asyncDispose]());
  bed.upstream.suite("stable").addPackage("hello", "1.0-1");
  await bed.upstream.publish();
  const path = bed.join("etc/mirror.toml");
  const run = (...args: readonly string[]): Promise<CommandOutcome> =>
    runCommand(["--config", path, ...args], { homeDir: bed.path });
  const init = (...args: readonly string[]) => run("init", "--dir", bed.dir, ...args);
  return { bed, path, run, init, line: `deb [signed-by=${bed.keyFile}] ${bed.server.url} stable main` };
}

const packagesAsked = ({ server }: Testbed): readonly string[] =>
  server.requests.map(({ path }) => path).filter((path) => path.includes("/pool/"));

describe("init from a line for apt", () => {
  test("writes a configuration that passes, and says how large the mirror will be", async () => {
    const { bed, path, run, init, line } = await openSite();
    const { status, stdout } = await init(
      "--from",
      line,
      "--id",
      "vendor",
      "--base-url",
      "http://apt.example/",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^MIRROR +FILES +TOTAL SIZE +HELD +TO COME +FREE\nvendor +1 +\d/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`Next: mirrorctl --config ${path} check config`);
    expect(packagesAsked(bed)).toEqual([]);
    expect(readFileSync(bed.join("etc/keys/vendor.asc"), "utf8")).toBe(bed.key.publicKeyArmored);
    expect(await run("check", "config")).toMatchObject({ status: 0 });
    expect(readFileSync(path, "utf8")).toContain(`[mirrors.vendor]
url = "${bed.server.url}/"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "${bed.join("etc/keys/vendor.asc")}"
publish_to_staging = true
`);
  });

  test("takes a stanza of a file, with the key in it", async () => {
    const { bed, run, init } = await openSite();
    const key = bed.key.publicKeyArmored.trimEnd().replaceAll(/^$/gm, ".").replaceAll(/^/gm, " ");
    const stanza = `Types: deb\nURIs: ${bed.server.url}\nSuites: stable\nComponents: main\nSigned-By:\n${key}\n`;
    writeFileSync(bed.join("vendor.sources"), stanza);
    const { status, stdout } = await init("--from", bed.join("vendor.sources"), "--json");
    expect({ status, answer: JSON.parse(stdout) as unknown }).toMatchObject({
      status: 0,
      answer: { mirrors: ["mirror"], estimates: [{ kind: "estimated", files: 1 }] },
    });
    expect((await run("check", "config")).stdout).toContain(
      "the toml configuration file passes validation checks\n",
    );
  });

  test("writes the file if the upstream is down, and says how to learn the size", async () => {
    const { path, init, line, bed } = await openSite();
    const unreachable = line.replace(bed.server.url, "http://127.0.0.1:1");
    const { status, stdout, stderr } = await init("--from", unreachable);
    expect(stderr).toContain("ERROR ");
    expect(stdout).toContain(
      `How large mirror will be is not known yet. Later: mirrorctl --config ${path} sync --dry-run mirror\nNext: `,
    );
    expect(status).toBe(0);
    expect(existsSync(path)).toBe(true);
  });

  test("says of which mirrors the size is not known, and shows only warnings and errors", async () => {
    const { path, init, line, bed } = await openSite();
    const other = line.replace(bed.server.url, `${bed.server.url}/nothing-here`);
    const { status, stdout, stderr } = await init("--from", `${line}\n${other}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mirror +1 +\d/m);
    expect(stdout).toContain(
      `How large mirror-2 will be is not known yet. Later: mirrorctl --config ${path} sync --dry-run mirror-2\nNext: `,
    );
    expect(stderr).toContain("ERROR ");
    expect(stderr).not.toContain("INFO ");
  });

  test("says what to do if the mirror does not fit on the disk", async () => {
    const { path, init, line, bed } = await openSite();
    const asHuge = { editIndex: (text: string) => text.replaceAll(/^Size: .*/gm, "Size: 1000000000000000") };
    bed.upstream.suite("huge", asHuge).addPackage("tool", "1.0-1");
    await bed.upstream.publish();
    const { status, stdout, stderr } = await init("--from", line.replace(" stable ", " huge "), "--id", "m");
    expect(status).toBe(0);
    expect(stderr).toMatch(/^ERROR m does not fit: it needs /);
    expect(
      stdout,
    ).toContain(`There is not enough space, so a sync would refuse to begin. Set another dir in ${path}, or fewer suites, sections or architectures in ${path}.
Then see whether it fits: mirrorctl --config ${path} sync --dry-run m
Next: `);
    expect(stdout).not.toContain("not known");
  });

  test("adds a file in conf.d to a configuration that exists", async () => {
    const { bed, path, run, line } = await openSite();
    mkdirSync(bed.join("etc"));
    writeFileSync(path, `dir = "${bed.dir}" # mine\n`);
    const { status, stdout } = await run(
      "init",
      "--from",
      line,
      "--id",
      "one",
      "--base-url",
      "http://apt.example/",
    );
    expect(status).toBe(0);
    expect(stdout).toContain(`wrote ${bed.join("etc/conf.d/one.toml")} with 1 mirror: one\n`);
    expect(readFileSync(path, "utf8")).toBe(`dir = "${bed.dir}" # mine\n`);
    expect((await run("init", "--from", line, "--id", "two")).stdout).not.toMatch(/^one /m);
    expect((await run("check", "config")).stdout).toMatch(/ have 2 mirrors in /);
  });

  test.each([
    [["--id", "one"], "etc/conf.d/one.toml exists already, and init writes over no file"],
    [["--id", "two", "--dir", "/srv/apt"], "--dir is for a new configuration"],
    [["--id", "two", "--base-url", "http://other.example/"], "there would be no valid configuration:"],
  ])("writes over no file, and adds nothing that does not fit, with %j", async (flags, message) => {
    const { bed, path, run, line } = await openSite();
    mkdirSync(bed.join("etc"));
    writeFileSync(path, `dir = "${bed.dir}"\n`);
    await run("init", "--no-estimate", "--from", line, "--id", "one", "--base-url", "http://apt.example/");
    const before = readFileSync(bed.join("etc/conf.d/one.toml"), "utf8");
    const { status, stderr } = await run("init", "--from", line, ...flags);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(readFileSync(bed.join("etc/conf.d/one.toml"), "utf8")).toBe(before);
    expect(readdirSync(bed.join("etc/conf.d"))).toEqual(["one.toml"]);
    expect(readdirSync(bed.join("etc/keys"))).toEqual(["one.asc"]);
  });

  test("leaves another key in place, and writes nothing then", async () => {
    const { bed, init, line } = await openSite();
    mkdirSync(bed.join("etc/keys"), { recursive: true });
    writeFileSync(bed.join("etc/keys/vendor.asc"), "another");
    const { status, stderr } = await init("--from", line, "--id", "vendor");
    expect(status).toBe(2);
    expect(stderr).toContain("keys/vendor.asc exists already and has another key");
    expect(readdirSync(bed.join("etc"))).toEqual(["keys"]);
  });

  test("prints it, and writes nothing", async () => {
    const { bed, init, line } = await openSite();
    const { status, stdout, stderr } = await init("--from", `${line}\ndeb cdrom:/ a/`, "--print");
    expect(status).toBe(0);
    expect(stdout).toContain("[mirrors.mirror]\n");
    expect(stderr).toContain(
      "note: line 2 is left out: mirrors are downloaded by http and https, not from cdrom:/\n",
    );
    expect(existsSync(bed.join("etc"))).toBe(false);
    expect(bed.server.requests).toEqual([]);
  });

  test.each([
    ["deb https://h.example/ stable", 'line 1: the suite "stable" has no component, such as main'],
    [
      "ppa:git-core/ppa ",
      "The line of a PPA is: deb https://ppa.launchpadcontent.net/OWNER/NAME/ubuntu noble main",
    ],
    ["deb cdrom:/ stable main", "the text of --from has nothing to mirror"],
    ["deb mirror+http://h.example/ stable main", "by http and https, not from mirror+http://h.example/"],
    ["Enabled: no\nTypes: deb\nURIs: http://h.example/\nSuites: a/", "line 1 is left out: it is disabled"],
    ["/nonexistent.list", "cannot read /nonexistent.list: there is no such file"],
    ["deb [signed-by=/nonexistent.gpg] http://h.example/ a/", "name it with --key FILE"],
    ["deb https://ada:secret@h.example/ stable main", "machine h.example login USER password PASSWORD"],
    ["deb [arch=any] http://h.example/ stable main", "name each architecture"],
  ])("refuses %j", async (from, message) => {
    const { bed, init } = await openSite();
    const { status, stderr } = await init("--from", from);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("secret");
    expect(existsSync(bed.join("etc"))).toBe(false);
  });

  test("names the variants that the upstream lists", async () => {
    const { bed, init, line } = await openSite();
    bed.upstream.suite("newer", { architectures: ["amd64", "amd64v3"] }).addPackage("tool", "1.0-1");
    await bed.upstream.publish();
    expect((await init("--from", line.replace(" stable ", " newer "))).stderr).toContain(
      'Add it: architectures = ["amd64", "amd64v3"]',
    );
  });

  test("refuses a file that is not a key", async () => {
    const { bed, init, line } = await openSite();
    writeFileSync(bed.join("page.html"), "<html>");
    const { status, stderr } = await init("--from", line, "--key", bed.join("page.html"));
    expect(status).toBe(1);
    expect(stderr).toContain("no OpenPGP public key found");
    expect(existsSync(bed.join("etc"))).toBe(false);
  });
});

test("init for a release names the package of its keys if that is missing", async () => {
  const { init, path } = await openSite();
  const args = ["--distribution", "ubuntu", "--release", "24.04", "--no-estimate"];
  const { status, stdout } = await init(...args);
  expect(status).toBe(0);
  expect(stdout).toContain("apt-get install ubuntu-keyring");
  expect(readFileSync(path, "utf8")).toContain("[mirrors.ubuntu-noble]");
});

test.each([
  [["--release", "24.10"], '"24.10" is not a known version of ubuntu'],
  [["--release", "../x"], '"../x" is not a known version of ubuntu'],
  [["--release", "noble", "--id", "A b"], '--id: "A b" is not the id of a mirror'],
  [["--release", "noble", "--architectures", "amd64,source"], "mirror_source = true mirrors them"],
])("init for a release refuses %j", async (flags, message) => {
  const { init } = await openSite();
  const { status, stderr } = await init("--distribution", "ubuntu", ...flags);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test("init needs the release of a distribution that this machine does not run", async () => {
  const { init } = await openSite();
  const { status, stderr } = await init("--distribution", "ubuntu");
  expect(status).toBe(2);
  expect(stderr).toContain("no release of ubuntu is named");
});
