import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryPath } from "../../test/support/temporary-directory.ts";
import { configText } from "../operations/test-support.ts";
import { run } from "./test-support.ts";

/** A configuration file of its own, with `extra` before its tables. */
function configFile(extra = "", more = ""): { readonly path: string; readonly dir: string } {
  const directory = temporaryPath();
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "mirror.toml");
  const dir = join(directory, "www");
  mkdirSync(dir);
  writeFileSync(path, `${extra}\n${configText(dir, more)}`);
  return { path, dir };
}

describe("the configuration", () => {
  test("that is not there ends with status 2, and says where it was looked for", async () => {
    const missing = await run(["status", "--config", "/nonexistent/mirror.toml"]);
    expect(missing).toMatchObject({ status: 2, stdout: "" });
    expect(missing.stderr.split("\n")).toEqual([
      "ERROR cannot read the configuration file /nonexistent/mirror.toml: there is no such file",
      "      Write one: mirrorctl init",
      "      Or name another with --config or MIRRORCTL_CONFIG; the default is /etc/mirrorctl/mirror.toml.",
      "",
    ]);
  });

  test("comes from the flag, or else from the environment", async () => {
    const { path } = configFile();
    const env = { MIRRORCTL_CONFIG: path };
    expect((await run(["snapshot", "list"], { env })).status).toBe(0);
    const both = await run(["snapshot", "list", "-c", "/nonexistent/other.toml"], { env });
    expect(both.stderr).toContain("/nonexistent/other.toml");
    const unset = await run(["status"], { env: { MIRRORCTL_CONFIG: "" } });
    expect(unset.stderr).toContain(" /etc/mirrorctl/mirror.toml: ");
  });

  test("that is a directory, or wrong, ends with status 2", async () => {
    expect(await run(["status", "-c", "/etc"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("it is a directory"),
    });
    const { path } = configFile("max_cons = 3");
    const wrong = await run(["status", "-c", path]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("max_conns");
  });

  test("refuses an unknown mirror with status 2", async () => {
    const { path } = configFile();
    const outcome = await run(["status", "nobel", "-c", path]);
    expect(outcome).toMatchObject({ status: 2, stdout: "" });
    expect(outcome.stderr).toContain("did you mean noble?");
  });

  test("passes check config with the words that are promised, or fails it with status 2", async () => {
    const right = configFile("", "no_pgp_check = true");
    // jammy takes apt's own keys, and there may be none on this machine.
    writeFileSync(right.path, `${configText(right.dir, "no_pgp_check = true").split("[mirrors.jammy]")[0]}`);
    const passed = await run(["check", "config", "-c", right.path]);
    expect(passed.status).toBe(0);
    expect(passed.stdout.split("\n")).toEqual([
      "note: noble: signatures are not checked (no_pgp_check)",
      "the toml configuration file passes validation checks",
      `${right.path} has 1 mirror in ${right.dir}:`,
      "MIRROR  UPSTREAM                    SUITES  SNAPSHOTS",
      "noble   http://127.0.0.1:9/ubuntu/  noble   -",
      `Next: mirrorctl --config ${right.path} sync`,
      "",
    ]);

    writeFileSync(
      right.path,
      `${configText(right.dir, 'pgp_key_path = "/nonexistent/key.asc"').split("[mirrors.jammy]")[0]}`,
    );
    const failed = await run(["check", "config", "-c", right.path]);
    expect(failed).toEqual({
      status: 2,
      stdout: `problem: ${right.path}:7:16: mirrors.noble.pgp_key_path: cannot read /nonexistent/key.asc: there is no such file\n`,
      stderr: "",
    });
    const json = JSON.parse((await run(["check", "config", "-c", right.path, "--json"])).stdout);
    expect(json).toMatchObject({
      valid: false,
      problems: [{ key: "mirrors.noble.pgp_key_path", line: 7, column: 16 }],
    });
  });
});
