import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createSigningKey, fakeUpstream, type SigningKey, serveDirectory } from "../../test/support/index.ts";

export interface SampleUpstream extends AsyncDisposable {
  readonly url: string;
  readonly key: SigningKey;
  /** Publishes the repository again, with this version of backup-agent. */
  release(backupAgentVersion: string): Promise<void>;
  /** Changes one byte of the signed text. */
  tamper(): Promise<void>;
  /** Returns a configuration that mirrors this upstream. */
  configuration(dir: string, snapshots: string): string;
}

/** Serves a small signed repository on the loopback interface. */
export async function createSampleUpstream(dir: string): Promise<SampleUpstream> {
  const key = await createSigningKey({ name: "Example Archive Key" });
  const keyFile = `${dir}-key.asc`;
  await mkdir(dirname(keyFile), { recursive: true });
  await writeFile(keyFile, key.publicKeyArmored);
  const upstream = await fakeUpstream({ dir, signedBy: key });
  const suite = upstream
    .suite("stable", { extraReleaseFields: { Origin: "Example", Label: "Example" } })
    .addPackage("hello", "2.10-3", { fields: { Description: "greets its user" } })
    .addPackage("libbackup2", "2.8.1-2", { fields: { Description: "reads and writes backups" } });
  const server = await serveDirectory(dir);
  let released: string | undefined;
  return {
    url: server.url,
    key,
    async release(version) {
      if (released !== undefined) suite.removePackage("backup-agent", released);
      const fields = { Description: "sends backups away every night" };
      suite.addPackage("backup-agent", version, { depends: "libbackup2 (>= 2.8)", fields });
      released = version;
      await upstream.publish();
    },
    async tamper() {
      // A new Release, so that there is something to download, with bytes that differ from the signed ones.
      await upstream.publish();
      upstream.corrupt("dists/stable/InRelease");
    },
    configuration: (mirrorDir, snapshots) => `dir = "${mirrorDir}"

[snapshot]
path = "${snapshots}"
default_name_format = "2006-01-02T15-04-05Z"

[snapshot.prune]
keep_last = 5

[mirrors.example]
url = "${server.url}/"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "${keyFile}"
publish_to_staging = true
`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}
