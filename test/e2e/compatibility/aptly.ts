import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptGetsSource, aptInstalls, aptTakesIndices, debootstraps, mmdebstraps } from "./clients.ts";
import { buildBase, buildDeb, buildHello, buildSource } from "./packages.ts";
import { tool } from "./tool.ts";

export const aptlyCases: readonly CompatibilityCase[] = [
  {
    title: "two published repositories as components",
    madeBy: "aptly",
    covers:
      "by-hash with symbolic links, SHA-512, bz2, Contents in two places, a Release in each directory, several versions of a package, sources",
    mirror: {
      suites: ["stable"],
      sections: ["main", "extra"],
      architectures: ["amd64", "arm64"],
      mirror_source: true,
    },
    entry: "stable main extra",
    foreignArchitectures: ["arm64"],
    sources: ["greeting"],
    uses: [
      aptInstalls("hello", "tool=1.0", "tool", "libhello1:arm64"),
      aptTakesIndices("main_Contents-amd64", "extra_Contents-arm64"),
      aptGetsSource("greeting"),
      debootstraps("stable"),
      mmdebstraps("stable", "hello-data"),
    ],
    build: buildAptly,
  },
];

async function buildAptly({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  const main = join(workDir, "incoming/main");
  await buildBase(main);
  await buildHello(main);
  await buildSource(main, "greeting", "3.0 (quilt)");
  const extra = join(workDir, "incoming/extra");
  for (const version of ["1.0", "1.1~rc1", "2.0"]) await buildDeb(extra, "tool", version);
  await buildDeb(extra, "tool", "2.0", { architecture: "arm64" });
  const configuration = join(workDir, "aptly.conf");
  await writeFile(configuration, JSON.stringify({ rootDir: join(workDir, "aptly"), gpgProvider: "gpg" }));
  const aptly = (...args: readonly string[]) =>
    tool("aptly", [`-config=${configuration}`, ...args], { env: gnupg.env });
  for (const component of ["main", "extra"]) {
    await aptly("repo", "create", "-distribution=stable", `-component=${component}`, component);
    await aptly("repo", "add", component, join(workDir, "incoming", component));
  }
  const publish = ["publish", "repo", "-batch", "-acquire-by-hash", `-gpg-key=${gnupg.fingerprint}`];
  await aptly(...publish, "-component=,", "main", "extra");
  await rename(join(workDir, "aptly/public"), dir);
}
