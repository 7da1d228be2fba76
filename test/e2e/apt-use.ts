import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type AptClientOptions,
  type AptKind,
  type AptResult,
  aptKinds,
  createAptClient,
} from "../support/index.ts";

export interface AptUse extends Omit<AptClientOptions, "kind"> {
  /** Names of packages to download, and to install in simulation. */
  readonly install: readonly string[];
}

/**
 * Returns the complaints of new clients of every kind that update, download packages and install them in simulation.
 */
export const complaintsOfApt = ({ install, dir, ...options }: AptUse): Promise<readonly string[]> =>
  complaintsOfEachApt(dir, async (own) => {
    const client = await createAptClient({ ...options, ...own });
    const downloads = join(own.dir, "downloads");
    await mkdir(downloads);
    const results = [
      await client.update(),
      await client.download(install, downloads),
      await client.simulateInstall(install),
    ];
    return results.flatMap(complaintsOf);
  });

/**
 * Lets an apt of every kind use the mirror, each in its own directory below `dir`. A complaint that all of them have is
 * returned once; any other begins with the kind of apt that has it.
 */
export async function complaintsOfEachApt(
  dir: string,
  use: (client: { readonly kind: AptKind; readonly dir: string }) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const byKind = await Promise.all(aptKinds.map((kind) => use({ kind, dir: join(dir, kind) })));
  const [first = []] = byKind;
  const shared = first.filter((line) => byKind.every((lines) => lines.includes(line)));
  const own = byKind.flatMap((lines, index) =>
    lines.filter((line) => !shared.includes(line)).map((line) => `${aptKinds[index]}: ${line}`),
  );
  return [...shared, ...own];
}

export const complaintsOf = ({ exitCode, complaints, output }: AptResult): readonly string[] =>
  exitCode === 0 ? complaints : [...complaints, output];
