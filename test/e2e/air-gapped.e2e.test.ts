/** Runs the commands of docs/how-to/air-gapped.md: snapshots on a disk, and a second mirror that has no upstream. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { createWorkspace, executable, runProgram, type Workspace } from "../support/index.ts";

const page = readFileSync(new URL("../../docs/how-to/air-gapped.md", import.meta.url), "utf8");
const [outside = "", inside = ""] = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);

/** Runs a block of the page, with the paths of one side. */
async function run(
  block: string,
  { side, name }: { readonly side: Side; readonly name: string },
): Promise<string> {
  const script = block
    .replaceAll("/var/www/apt", side.dir)
    .replaceAll("/media/disk", side.disk)
    .replaceAll(/^mirrorctl /gm, `'${executable}' --config '${side.configFile}' `)
    .replaceAll(/\bNAME\b/g, name);
  const { exitCode, output } = await runProgram("bash", ["-eu", "-c", script]);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  return output;
}

interface Side {
  readonly dir: string;
  readonly configFile: string;
  readonly disk: string;
}

async function createSides(workspace: Workspace): Promise<Readonly<Record<"outside" | "inside", Side>>> {
  const disk = workspace.join("disk");
  const dir = workspace.join("inside");
  const configFile = workspace.join("inside.toml");
  await mkdir(disk);
  const text = readFileSync(workspace.configFile, "utf8");
  writeFileSync(
    configFile,
    text.replace(workspace.dir, dir).replace(workspace.server.url, "https://upstream.invalid"),
  );
  await mkdir(dir);
  return { outside: { ...workspace, disk }, inside: { dir, configFile, disk } };
}

test("snapshots that a disk carried are verified and promoted without an upstream", async () => {
  await using workspace = await createWorkspace({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true } },
  });
  const sides = await createSides(workspace);
  const suite = workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  const carry = async (): Promise<string> => {
    await workspace.upstream.publish();
    await run(outside, { side: sides.outside, name: "" });
    const name = (await workspace.published("debian")).staging?.target.split("/").at(-1) ?? "";
    const output = await run(inside, { side: sides.inside, name });
    expect(output).toContain(`Production updated: debian -> ${name}`);
    return name;
  };
  const first = await carry();
  suite.addPackage("newcomer", "1.0-1");
  const second = await carry();

  const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
  const inode = (name: string): number =>
    statSync(`${sides.inside.dir}/.snapshots/debian/${name}/${deb}`).ino;
  expect(second).not.toBe(first);
  expect(inode(second)).toBe(inode(first));
  expect(statSync(`${sides.inside.dir}/debian/current/${deb}`).ino).toBe(inode(second));
});
