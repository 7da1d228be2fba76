import { join } from "node:path";
import { releaseSuite, writeIndex } from "./apt-ftparchive.ts";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptInstalls } from "./clients.ts";
import { buildDeb } from "./packages.ts";
import { tool } from "./tool.ts";

/** Package, path of its file, and target of the request for it. */
const files = [
  ["plus", "pool/g++~rc/plus_1.0+b1~rc2_amd64.deb", "/pool/g%2B%2B%7Erc/plus_1.0%2Bb1%7Erc2_amd64.deb"],
  ["percent", "pool/percent_1%3a2_amd64.deb", "/pool/percent_1%253a2_amd64.deb"],
  ["colon", "pool/core:/stable/colon_1:2_amd64.deb", "/pool/core:/stable/colon_1:2_amd64.deb"],
  ["at", "pool/@scope/at_1_amd64.deb", "/pool/@scope/at_1_amd64.deb"],
  ["space", "pool/with space/space 1.deb", "/pool/with%20space/space%201.deb"],
  ["umlaut", "pool/größe/umlaut_é_1.deb", "/pool/gr%C3%B6%C3%9Fe/umlaut_%C3%A9_1.deb"],
  ["dots", "pool/dots_1..2_amd64.deb", "/pool/dots_1..2_amd64.deb"],
  ["comma", "pool/(a),b=[c]&d;e'f!/comma_1.deb", "/pool/(a),b=%5Bc%5D&d;e'f!/comma_1.deb"],
  ["dollar", "pool/$(x)*/dollar_^`{|}<1>_1.deb", "/pool/$(x)*/dollar_%5E%60%7B%7C%7D%3C1%3E_1.deb"],
  ["quote", 'pool/"q"/quote_1.deb', "/pool/%22q%22/quote_1.deb"],
  ["lower-case", "pool/case/case_1.deb", "/pool/case/case_1.deb"],
  ["upper-case", "pool/case/CASE_1.deb", "/pool/case/CASE_1.deb"],
  ["upper-directory", "pool/Case/case_1.deb", "/pool/Case/case_1.deb"],
  ["longest", `pool/${"l".repeat(251)}.deb`, `/pool/${"l".repeat(251)}.deb`],
] as const;

/** As above; apt requests their names up to these characters. */
const beyondApt = [
  ["number", "pool/c#/number#1.deb", "/pool/c%23/number%231.deb"],
  ["question", "pool/a?b=c/question?1.deb", "/pool/a%3Fb=c/question%3F1.deb"],
] as const;

/** Package and Filename as Packages has it; it leads to the same file as the tidy name. */
const detours = [
  ["slashes", "./pool//detour/./slashes_1_amd64.deb", "/pool/detour/slashes_1_amd64.deb"],
  ["root", "/pool/detour/root_1_amd64.deb", "/pool/detour/root_1_amd64.deb"],
] as const;

const packages = [...files, ...detours].map(([name]) => name);

export const fileNameCases: readonly CompatibilityCase[] = [
  {
    title: "names that are not themselves in a URL",
    madeBy: "apt-ftparchive",
    covers:
      "Filename with + ~ % : @ # ? and all other signs, spaces, letters beyond ASCII, two dots inside a name, ./ and // and a leading /, names of 255 bytes, names that differ in case alone",
    mirror: { suites: ["./"], sections: undefined, architectures: undefined },
    entry: "./",
    requests: [...files, ...beyondApt, ...detours].map(([, , request]) => request),
    uses: [aptInstalls(...packages)],
    build: buildNames,
  },
];

async function buildNames({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  for (const [name, path] of [...files, ...beyondApt]) {
    await buildDeb(join(dir, path, ".."), name, "1", { fileName: path.slice(path.lastIndexOf("/") + 1) });
  }
  for (const [name, , path] of detours) await buildDeb(join(dir, path, ".."), name, "1");
  let text = (await tool("apt-ftparchive", ["packages", "pool"], { cwd: dir })).toString();
  for (const [, detour, path] of detours) {
    text = text.replace(`Filename: ${path.slice(1)}`, `Filename: ${detour}`);
  }
  await writeIndex(join(dir, "Packages"), text);
  await releaseSuite(dir, workDir, {});
  await gnupg.signRelease(dir);
}
