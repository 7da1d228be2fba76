import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import {
  type AptClient,
  type AptClientOptions,
  createAptClient,
  desktopIndexTargets,
  runProgram,
} from "../../support/index.ts";
import { complaintsOf, complaintsOfApt, complaintsOfEachApt } from "../apt-use.ts";
import type { ClientUse, ServedMirror } from "./case.ts";
import { tool } from "./tool.ts";

/** Runs `apt-get update`, `download`, and `install` in simulation. */
export const aptInstalls = (...packages: readonly string[]): ClientUse => ({
  client: "apt",
  does: `updates; downloads ${packages.join(", ")} and installs in simulation`,
  async complaints(served) {
    const options = { ...aptOptions(served), sources: sourcesOf(served), install: packages };
    return withoutExpected(await complaintsOfApt(options), served);
  },
});

/** Runs `apt-get update` with everything that a desktop's apt requests, in several languages. */
export const aptTakesIndices = (...lists: readonly string[]): ClientUse => ({
  client: "apt",
  does: `updates as a desktop in English and German; has ${lists.join(", ")}`,
  complaints: (served) =>
    complaintsOfEachApt(served.dir, async (own) => {
      const client = await createAptClient({
        ...aptOptions(served),
        ...own,
        sources: sourcesOf(served),
        languages: ["en", "de"],
        extraConf: desktopIndexTargets,
      });
      const problems = withoutExpected(complaintsOf(await client.update()), served);
      const taken = await readdir(join(own.dir, "state/lists"));
      const missing = lists.filter((list) => !taken.some((file) => file.includes(list)));
      return [...problems, ...missing.map((list) => `apt has no ${list} among ${taken.join(" ")}`)];
    }),
});

/**
 * Runs `apt-get source`, which downloads and unpacks with dpkg-source. The roots of newer clients have no dpkg-source.
 */
export const aptGetsSource = (...names: readonly string[]): ClientUse => ({
  client: "apt",
  does: `downloads the sources of ${names.join(", ")} and unpacks them`,
  complaints: (served) =>
    complaintsOfEachApt(served.dir, async (own) => {
      const client = await sourceClient(served, own);
      const problems = [...withoutExpected(complaintsOf(await client.update()), served)];
      if (own.kind === "host") {
        problems.push(...complaintsOf(await client.run(["source", ...names], own.dir)));
      } else {
        problems.push(...complaintsOf(await client.downloadSource(names, own.dir)));
        await unpackSources(own.dir);
      }
      const missing = names.filter((name) => !existsSync(join(own.dir, `${name}-1.0/debian/control`)));
      return [...problems, ...missing.map((name) => `${name} was not unpacked`)];
    }),
});

export const debootstraps = (suite: string): ClientUse => ({
  client: "debootstrap",
  does: `downloads a minimal system of ${suite}`,
  async complaints({ url, keyFile, dir }) {
    const args = ["--download-only", "--variant=minbase", "--arch=amd64", "--components=main"];
    const script = "/usr/share/debootstrap/scripts/sid";
    const { exitCode, output } = await runProgram("debootstrap", [
      ...args,
      `--keyring=${await dearmored(keyFile, dir)}`,
      suite,
      join(dir, "root"),
      url,
      script,
    ]);
    return exitCode === 0 && !/^[WE]:/m.test(output) ? [] : [output];
  },
});

export const mmdebstraps = (suite: string, include: string): ClientUse => ({
  client: "mmdebstrap",
  does: `extracts ${include} from ${suite} into a directory`,
  async complaints({ url, keyFile, dir }) {
    const root = join(dir, "root");
    const { exitCode, output } = await runProgram("mmdebstrap", [
      // Extracting runs no code of the packages; as root, chrootless warns.
      userInfo().uid === 0 ? "--mode=root" : "--mode=chrootless",
      "--variant=extract",
      "--architectures=amd64",
      `--include=${include}`,
      '--aptopt=APT::Sandbox::User "root"',
      "--skip=chroot/mount",
      suite,
      root,
      `deb [signed-by=${keyFile}] ${url} ${suite} main`,
    ]);
    const complained = exitCode !== 0 || /^(?:W|E|Ign|Err)[:]/m.test(output);
    const problems = complained ? [output] : [];
    const readme = join(root, "usr/share/doc", include, "README");
    return existsSync(readme) ? problems : [...problems, `${readme} is missing`];
  },
});

async function unpackSources(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(".dsc"));
  for (const name of names) await tool("dpkg-source", ["--extract", name], { cwd: dir });
}

/** A client for binary and source packages. */
export const sourceClient = (
  served: ServedMirror,
  own: Pick<AptClientOptions, "dir" | "kind"> = { dir: served.dir },
): Promise<AptClient> =>
  createAptClient({
    ...aptOptions(served),
    ...own,
    sources: `${sourcesOf(served)}\n${sourcesOf(served).replace(/^deb /, "deb-src ")}`,
  });

const sourcesOf = ({ url, entry }: ServedMirror): string => `deb ${url} ${entry}`;

const aptOptions = ({ dir, foreignArchitectures, publicKeyArmored }: ServedMirror) => ({
  dir,
  foreignArchitectures,
  keyrings: { "archive.asc": publicKeyArmored },
});

/** apt requests InRelease first; its line about a missing one is not a fault if upstream has none. */
const withoutExpected = (complaints: readonly string[], { isDetached }: ServedMirror): readonly string[] =>
  complaints.filter((line) => !(isDetached && /^Ign:\d+ \S+ \S+ InRelease$/.test(line)));

/** debootstrap passes its keyring to gpgv, which reads only binary ones. */
async function dearmored(keyFile: string, dir: string): Promise<string> {
  const file = join(dir, "keyring.gpg");
  await tool("gpg", ["--homedir", dir, "--batch", "--quiet", "--output", file, "--dearmor", keyFile]);
  return file;
}
