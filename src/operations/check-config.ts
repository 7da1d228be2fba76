import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import { isWritable, readTextFile, statIfAny } from "../platform/files.ts";
import { messageOf } from "../report/errors.ts";
import type { MirrorContext } from "./context.ts";
import { openKeyring } from "./open-keyring.ts";

export interface ConfigFindings {
  /** What keeps a mirror from working. */
  readonly problems: readonly string[];
  /** What works, and should be known. */
  readonly remarks: readonly string[];
}

/** Everything that can be known of a configuration without the network, beyond that it parses. Writes nothing. */
export async function checkConfig(contexts: readonly MirrorContext[]): Promise<ConfigFindings> {
  const problems = new Set<string>();
  const remarks = new Set<string>();
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
    const { caCertFile, clientCertFile, clientKeyFile } = mirror.tls;
    for (const path of [caCertFile, clientCertFile, clientKeyFile]) {
      const problem = path === undefined ? undefined : whyNotReadable(path);
      if (problem !== undefined) problems.add(`${mirror.id}: ${problem}`);
    }
    if (!mirror.pgpCheck) remarks.add(`${mirror.id}: signatures are not checked (no_pgp_check)`);
    else for (const problem of await checkKeyring(context)) problems.add(problem);
    if (mirror.tls.insecureSkipVerify)
      remarks.add(`${mirror.id}: certificates are not checked (insecure_skip_verify)`);
  }
  return { problems: [...problems], remarks: [...remarks] };
}

async function checkKeyring(context: MirrorContext): Promise<readonly string[]> {
  try {
    await openKeyring(context);
    return [];
  } catch (error) {
    return [`${context.mirror.id}: ${messageOf(error)}`];
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
