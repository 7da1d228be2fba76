import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { releaseSuite, writeIndex } from "./apt-ftparchive.ts";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptInstalls } from "./clients.ts";
import { buildDeb } from "./packages.ts";
import { tool } from "./tool.ts";

export const releaseCases: readonly CompatibilityCase[] = [
  {
    title: "a Release with mistakes that apt reads over",
    madeBy: "apt-ftparchive",
    covers:
      "a continuation without its blank, a comment, an empty Valid-Until, Date as asctime writes it, a digest of another length for a file that nobody asks for",
    mirror: { suites: ["stable"], sections: ["main"], architectures: ["amd64"] },
    entry: "stable main",
    uses: [aptInstalls("hello")],
    build: buildOddRelease,
  },
];

async function buildOddRelease({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  await buildDeb(join(dir, "pool"), "hello", "1.0-1");
  const suite = join(dir, "dists/stable");
  const binary = join(suite, "main/binary-amd64");
  await mkdir(binary, { recursive: true });
  await writeIndex(
    join(binary, "Packages"),
    await tool("apt-ftparchive", ["packages", "pool"], { cwd: dir }),
  );
  await releaseSuite(suite, workDir, { Suite: "stable", Codename: "stable", Architectures: "amd64" });
  const file = join(suite, "Release");
  const text = await readFile(file, "utf8");
  const written = text
    .replace(/^Architectures: .*\n/m, "Architectures: amd64\narm64\nX-Lost: yes\n# why: nobody knows\n")
    .replace(/^Date: (\w+), +(\d+) (\w+) (\d+) (\S+) .*\n/m, "Date: $1 $3 $2 $5 $4\nValid-Until:\n")
    .replace(/^SHA256:\n/m, `SHA256:\n ${"0".repeat(32)} 0 contrib/binary-s390x/Packages\n`);
  await writeFile(file, written);
  await gnupg.signRelease(suite);
}
