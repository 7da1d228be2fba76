import { dirname } from "node:path";
import { hasCode, MirrorctlError } from "../errors.ts";
import { isWritable, readTextFile, statIfAny, statLinkIfAny } from "../platform/files.ts";
import { messageOf } from "../report/errors.ts";
import type { MirrorContext } from "./context.ts";
import { openKeyring } from "./open-keyring.ts";
import { tlsMaterialOf } from "./tls-material.ts";

export interface ConfigFindings {
  /** What keeps a mirror from working. */
  readonly problems: readonly string[];
  /** What works, and should be known. */
  readonly remarks: readonly string[];
}

/**
 * Everything that can be known of a configuration without the network, beyond that it parses. Writes nothing.
 * `configPath` is the file's; the passwords of upstreams, which stand beside it, are looked at where it is given.
 */
export async function checkConfig(
  contexts: readonly MirrorContext[],
  configPath?: string,
): Promise<ConfigFindings> {
  const problems = new Set<string>();
  const remarks = new Set<string>();
  if (configPath !== undefined) for (const problem of await checkAuthConf(configPath)) problems.add(problem);
  for (const context of contexts) {
    const { mirror } = context;
    for (const path of [context.layout.dir, mirror.snapshot.path]) {
      const problem = await whyNotWritable(path);
      if (problem !== undefined) problems.add(problem);
    }
    if (crossesFileSystems(context.layout.dir, mirror.snapshot.path)) {
      remarks.add(
        `${mirror.snapshot.path} is on another file system than ${context.layout.dir}: snapshots are copies`,
      );
    }
    for (const problem of [...checkLinks(context), ...(await checkTls(context))])
      problems.add(`${mirror.id}: ${problem}`);
    if (!mirror.pgpCheck) remarks.add(`${mirror.id}: signatures are not checked (no_pgp_check)`);
    else for (const problem of await checkKeyring(context)) problems.add(problem);
    if (mirror.tls.insecureSkipVerify)
      remarks.add(`${mirror.id}: certificates are not checked (insecure_skip_verify)`);
  }
  return { problems: [...problems], remarks: [...remarks] };
}

async function checkKeyring(context: MirrorContext): Promise<readonly string[]> {
  const problems = await problemsOf(() => openKeyring(context));
  return problems.map((problem) => `${context.mirror.id}: ${problem}`);
}

async function checkAuthConf(configPath: string): Promise<readonly string[]> {
  const { readAuthConf } = await import("../upstream/index.ts");
  return problemsOf(() => readAuthConf(dirname(configPath)));
}

/** Where a link of somebody's own leads is what `status` tells. */
function checkLinks({ layout }: MirrorContext): readonly string[] {
  return [layout.staging, layout.production]
    .filter((link) => statLinkIfAny(link)?.isSymbolicLink() === false)
    .map((link) => `${link} is not a link, and stands where clients are to see a snapshot`);
}

/** Files that cannot be read are named first: what is in the others is only then worth a look. */
async function checkTls({ mirror: { tls } }: MirrorContext): Promise<readonly string[]> {
  const unreadable = [tls.caCertFile, tls.clientCertFile, tls.clientKeyFile]
    .map((path) => (path === undefined ? undefined : whyNotReadable(path)))
    .filter((problem) => problem !== undefined);
  if (unreadable.length > 0) return unreadable;
  const { tlsOptions } = await import("../upstream/index.ts");
  return problemsOf(() => tlsOptions(tlsMaterialOf(tls)));
}

/** What an attempt fails with is a problem of the configuration where mirrorctl has words for it. */
async function problemsOf(attempt: () => unknown): Promise<readonly string[]> {
  try {
    await attempt();
    return [];
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return [error.message];
  }
}

/** The nearest ancestor that is there decides: what is missing below it is made. */
async function whyNotWritable(path: string): Promise<string | undefined> {
  const stats = statIfAny(path);
  if (stats === undefined)
    return path === dirname(path) ? `${path} is not there` : whyNotWritable(dirname(path));
  if (!stats.isDirectory()) return `${path} is not a directory`;
  return (await isWritable(path)) ? undefined : `${path} is not writable by this user`;
}

function whyNotReadable(path: string): string | undefined {
  try {
    readTextFile(path);
    return undefined;
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EACCES", "EISDIR", "ENOTDIR")) throw error;
    return messageOf(error);
  }
}

function crossesFileSystems(a: string, b: string): boolean {
  return deviceOf(a) !== deviceOf(b);
}

function deviceOf(path: string): number | undefined {
  return statIfAny(path)?.dev ?? (path === dirname(path) ? undefined : deviceOf(dirname(path)));
}
