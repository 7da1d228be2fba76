import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type AptClientOptions, createAptClient } from "../support/index.ts";

export interface AptUse extends AptClientOptions {
  /** Names of packages to download, and to install in simulation. */
  readonly install: readonly string[];
}

/** All that a new client complains of when it updates, downloads packages and installs them in simulation. */
export async function complaintsOfApt({ install, ...options }: AptUse): Promise<readonly string[]> {
  const client = await createAptClient(options);
  const downloads = join(options.dir, "downloads");
  await mkdir(downloads);
  const results = [
    await client.update(),
    await client.download(install, downloads),
    await client.simulateInstall(install),
  ];
  return results.flatMap(({ exitCode, complaints, output }) =>
    exitCode === 0 ? complaints : [...complaints, output],
  );
}
