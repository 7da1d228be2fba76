import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { releaseSuite } from "./apt-ftparchive.ts";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptInstalls } from "./clients.ts";
import { buildDeb } from "./packages.ts";
import { tool } from "./tool.ts";

export const indexFormCases: readonly CompatibilityCase[] = [
  {
    title: "indices in forms that only programs decode",
    madeBy: "apt-ftparchive",
    covers: "Packages of main as .lzma alone and of contrib as .lz4 alone; xz and lz4 are installed",
    mirror: { suites: ["stable"], sections: ["main", "contrib"], architectures: ["amd64"] },
    entry: "stable main contrib",
    uses: [aptInstalls("hello", "extra")],
    build: buildRareForms,
  },
];

/** Each form with the command that compresses a file and keeps it. */
const rareForms = [
  { component: "main", name: "hello", compress: (file: string) => ["xz", "--format=lzma", "--keep", file] },
  {
    component: "contrib",
    name: "extra",
    compress: (file: string) => ["lz4", "--quiet", file, `${file}.lz4`],
  },
];

async function buildRareForms({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  const suite = join(dir, "dists/stable");
  const plain = rareForms.map(({ component }) => join(suite, component, "binary-amd64/Packages"));
  for (const [index, { component, name, compress }] of rareForms.entries()) {
    const pool = `pool/${component}`;
    await buildDeb(join(dir, pool), name, "1.0-1");
    const file = plain[index] ?? "";
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await tool("apt-ftparchive", ["packages", pool], { cwd: dir }));
    const [program = "", ...options] = compress(file);
    await tool(program, options);
  }
  await releaseSuite(suite, workDir, {
    Suite: "stable",
    Codename: "stable",
    Components: "main contrib",
    Architectures: "amd64",
  });
  for (const file of plain) await rm(file); // listed but absent, as in Debian
  await gnupg.signRelease(suite);
}
