/** What benchmarks share: a repository of many packages, and first syncs of it that are timed. */
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import {
  createSigningKey,
  fakeUpstream,
  startNginx,
  type TemporaryDirectory,
} from "../test/support/index.ts";

/** Each of 20 kB, served by nginx. */
export async function servePackages(directory: TemporaryDirectory, packages: number) {
  const key = await createSigningKey();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  for (let index = 0; index < packages; index++) {
    const files = { "usr/share/filler": crypto.getRandomValues(new Uint8Array(20_000)) };
    upstream.suite("stable").addPackage(`package${index}`, "1.0-1", { files });
  }
  await upstream.publish();
  writeFileSync(directory.join("key.asc"), key.publicKeyArmored);
  return startNginx({ root: upstream.dir });
}

export function writeConfiguration(directory: TemporaryDirectory, url: string): void {
  const mirror = {
    url,
    suites: ["stable"],
    sections: ["main"],
    architectures: ["amd64"],
    pgp_key_path: "key.asc",
  };
  const lines = Object.entries(mirror).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const dir = `dir = "${directory.join("www")}"`;
  writeFileSync(directory.join("mirror.toml"), [dir, "[mirrors.m]", ...lines, ""].join("\n"));
}

/** Of a sync that finds nothing there. */
export async function secondsOfFirstSync(
  program: string,
  directory: TemporaryDirectory,
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  rmSync(directory.join("www"), { recursive: true, force: true });
  const begin = performance.now();
  await promisify(execFile)(program, ["--config", directory.join("mirror.toml"), "sync", "--quiet"], { env });
  return (performance.now() - begin) / 1_000;
}
