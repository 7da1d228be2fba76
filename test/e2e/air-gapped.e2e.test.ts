/** Runs the commands of docs/how-to/air-gapped.md: a disk, and a second mirror in a network namespace without a network. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  createAptClient,
  createWorkspace,
  executable,
  listFiles,
  runProgram,
  type Workspace,
} from "../support/index.ts";

const page = readFileSync(new URL("../../docs/how-to/air-gapped.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
const [exportBlock = "", arrivalBlock = "", sinceBlock = "", rsyncOutside = "", rsyncInside = ""] = blocks;

/** Runs a block of the page, with the paths of one side. Nothing inside has a network. */
async function run(block: string, side: Side, name = ""): Promise<string> {
  const script = block
    .replaceAll("/var/www/apt", side.dir)
    .replaceAll("/media/disk", side.disk)
    .replaceAll(/^mirrorctl /gm, `'${executable}' --config '${side.configFile}' `)
    .replaceAll(/\bNAME\b|\b2026-05-04T03-02-01Z\b/g, name);
  const shell = ["bash", "-eu", "-c", script];
  const [program = "", ...args] = side.isInside ? ["unshare", "--net", ...shell] : shell;
  const { exitCode, output } = await runProgram(program, args);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  return output;
}

interface Side {
  readonly dir: string;
  readonly configFile: string;
  readonly disk: string;
  readonly isInside: boolean;
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
  const outside = { dir: workspace.dir, configFile: workspace.configFile, disk, isInside: false };
  return { outside, inside: { dir, configFile, disk, isInside: true } };
}

const config = { snapshot: {}, mirrors: { debian: { publish_to_staging: true } } };
const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
const newDeb = "pool/main/n/newcomer/newcomer_1.0-1_amd64.deb";

test("an export is installed from by apt, on a side without a network", async () => {
  await using workspace = await createWorkspace(config);
  const { outside, inside } = await createSides(workspace);
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await run(exportBlock, outside);
  expect(await run(arrivalBlock, inside)).toMatch(/Production updated: debian -> /);

  const production = `${inside.dir}/debian/current`;
  const keyrings = { "archive.asc": readFileSync(workspace.keyFile) };
  const clientOf = (dir: string, place: string) =>
    createAptClient({ dir, sources: `deb [trusted=no] file:${place} stable main\n`, keyrings });
  const client = await clientOf(workspace.join("client"), production);
  expect((await client.update()).complaints).toEqual([]);
  const { exitCode, output } = await client.simulateInstall(["hello"]);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining("Inst hello") });

  // The disk itself is a repository too, without names by hash: apt then asks for the others.
  const reader = await clientOf(workspace.join("reader"), `${inside.disk}/debian`);
  expect(await reader.update()).toMatchObject({ exitCode: 0 });
  expect((await reader.simulateInstall(["hello"])).output).toContain("Inst hello");
});

test("an export since a snapshot has what is new, and the other side holds the rest", async () => {
  await using workspace = await createWorkspace(config);
  const { outside, inside } = await createSides(workspace);
  const suite = workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await run(exportBlock, outside);
  await run(arrivalBlock, inside);
  const first = (await workspace.published("debian")).staging?.target.split("/").at(-1) ?? "";
  suite.addPackage("newcomer", "1.0-1");
  await workspace.upstream.publish();
  await workspace.run(["sync", "debian"]);
  await rm(`${outside.disk}/debian`, { recursive: true });
  await run(sinceBlock, outside, first);
  const pool = (await listFiles(`${outside.disk}/debian`)).filter((path) => path.startsWith("pool/"));
  expect(pool).toEqual([newDeb]);
  await run(arrivalBlock, inside);
  const production = await listFiles(`${inside.dir}/debian/current`);
  expect(production).toEqual(expect.arrayContaining([deb, newDeb]));
});

test("snapshots that rsync carried are verified and promoted without an upstream", async () => {
  await using workspace = await createWorkspace(config);
  const { outside, inside } = await createSides(workspace);
  const suite = workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  const carry = async (): Promise<string> => {
    await workspace.upstream.publish();
    await run(rsyncOutside, outside);
    const name = (await workspace.published("debian")).staging?.target.split("/").at(-1) ?? "";
    const output = await run(rsyncInside, inside, name);
    expect(output).toContain(`Production updated: debian -> ${name}`);
    return name;
  };
  const first = await carry();
  suite.addPackage("newcomer", "1.0-1");
  const second = await carry();

  const inode = (name: string): number => statSync(`${inside.dir}/.snapshots/debian/${name}/${deb}`).ino;
  expect(second).not.toBe(first);
  expect(inode(second)).toBe(inode(first));
  expect(statSync(`${inside.dir}/debian/current/${deb}`).ino).toBe(inode(second));
});
