import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createAptClient } from "./apt-client.ts";
import { keepIndices, keyring, readHostNetworkSettings } from "./genuine-debian.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The whole of main of Debian's suites, without any package: `dists/<suite>/` with InRelease and Packages.xz. */
export type GenuineIndices =
  | { readonly kind: "found"; readonly dir: string }
  | { readonly kind: "out-of-reach"; readonly reason: string };

const genuineSuites = ["bookworm", "bookworm-updates", "bookworm-security", "trixie"] as const;

const cacheDir = join(import.meta.dirname, "../../.cache/genuine-indices");

/** Has apt fetch and verify them, with the archive that this machine's apt uses. `.cache` keeps them for later runs. */
export async function genuineIndices(): Promise<GenuineIndices> {
  if (existsSync(cacheDir)) return { kind: "found", dir: cacheDir };
  const uris = await runProgram("apt-get", ["indextargets", "--format", "$(REPO_URI)"]);
  const [archive, security] = ["debian", "debian-security"].map((name) =>
    uris.stdout
      .toString()
      .split("\n")
      .find((uri) => uri.endsWith(`/${name}/`)),
  );
  if (archive === undefined || security === undefined)
    return {
      kind: "out-of-reach",
      reason: "the apt sources of this machine do not have Debian and its security updates",
    };
  await mkdir(dirname(cacheDir), { recursive: true });
  await using draft = await temporaryDirectory("genuine-indices-", dirname(cacheDir));
  const sources = genuineSuites.map((suite) => {
    const uri = suite.endsWith("-security") ? security : archive;
    return `deb [signed-by=${keyring}] ${uri} ${suite} main`;
  });
  const apt = await createAptClient({
    dir: draft.join("apt"),
    sources: sources.join("\n"),
    languages: ["none"],
    extraConf: keepIndices + (await readHostNetworkSettings()),
  });
  const { exitCode, complaints } = await apt.update();
  if (exitCode !== 0 || complaints.length > 0)
    return { kind: "out-of-reach", reason: `apt-get update failed: ${complaints.join("; ")}` };
  const { output } = await apt.run([
    "indextargets",
    "--format",
    "$(RELEASE) $(FILENAME)",
    "Created-By: Packages",
  ]);
  for (const line of output.trim().split("\n")) {
    const [suite = "", file = ""] = line.split(" ");
    const packages = draft.join("archive/dists", suite, "main/binary-amd64/Packages.xz");
    await mkdir(dirname(packages), { recursive: true });
    await copyFile(file, packages);
    const [prefix = ""] = basename(file).split("_main_");
    await copyFile(
      join(dirname(file), `${prefix}_InRelease`),
      draft.join("archive/dists", suite, "InRelease"),
    );
  }
  await rm(cacheDir, { recursive: true, force: true });
  await rename(draft.join("archive"), cacheDir);
  return { kind: "found", dir: cacheDir };
}
