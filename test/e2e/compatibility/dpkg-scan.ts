import { join } from "node:path";
import { releaseSuite, writeIndex } from "./apt-ftparchive.ts";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptGetsSource, aptInstalls } from "./clients.ts";
import { buildDeb, buildHello, buildSource } from "./packages.ts";
import { tool } from "./tool.ts";

export const dpkgScanCases: readonly CompatibilityCase[] = [
  {
    title: "a flat repository in a directory",
    madeBy: "dpkg-scanpackages",
    covers:
      "suite binary/, Release with Release.gpg and no InRelease, MD5, SHA-1 and SHA-256, several versions, sources",
    mirror: { suites: ["binary/"], sections: undefined, architectures: undefined, mirror_source: true },
    entry: "binary/",
    foreignArchitectures: ["arm64"],
    isDetached: true,
    sources: ["greeting", "native"],
    uses: [
      aptInstalls("hello", "tool=1.0-1", "tool", "libhello1:arm64"),
      aptGetsSource("greeting", "native"),
    ],
    build: buildScanned,
  },
  {
    title: "a flat repository that clients use from its own directory",
    madeBy: "dpkg-scanpackages",
    covers:
      "suite obs/, whose Filename is relative to obs/, as the Open Build Service has it; clients write deb <mirror>/obs/ /",
    mirror: { suites: ["obs/"], sections: undefined, architectures: undefined },
    directory: "obs/",
    entry: "/",
    uses: [aptInstalls("hello", "hello-data")],
    build: buildInDirectory,
  },
];

async function buildScanned({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  const flat = join(dir, "binary");
  await buildHello(flat);
  for (const version of ["1.0-1", "1.0-2"]) await buildDeb(flat, "tool", version);
  await buildSource(flat, "greeting", "1.0");
  await buildSource(flat, "native", "3.0 (native)");
  const packages = await tool("dpkg-scanpackages", ["--multiversion", "binary"], { cwd: dir });
  await writeIndex(join(flat, "Packages"), packages);
  await writeIndex(join(flat, "Sources"), await tool("dpkg-scansources", ["binary"], { cwd: dir }));
  await releaseSuite(flat, workDir, { Suite: "binary" });
  await gnupg.signRelease(flat, ["Release.gpg"]);
}

async function buildInDirectory({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  const flat = join(dir, "obs");
  await buildHello(join(flat, "amd64"));
  const packages = await tool("dpkg-scanpackages", ["--arch", "amd64", "."], { cwd: flat });
  await writeIndex(join(flat, "Packages"), packages);
  await releaseSuite(flat, workDir, {});
  await gnupg.signRelease(flat);
}
