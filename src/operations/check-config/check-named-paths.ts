import { dirname } from "node:path";
import type { NamedPath, Problem } from "../../config/index.ts";
import { MirrorctlError, whyUnreadable } from "../../errors.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import { readKeyFile } from "../../platform/key-files.ts";
import { ifAllowed, statIfAny, whyNotWritable } from "../../platform/look.ts";
import { userOf } from "../../platform/machine/users.ts";
import { readingHint } from "../../platform/ownership.ts";

/** Checks each file and directory that the configuration names. Returns a problem at the key of each faulty one. */
export async function checkNamedPaths(
  paths: readonly NamedPath[],
  files: InvokerFiles,
): Promise<readonly Problem[]> {
  const faults = await Promise.all(paths.map((path) => faultOf(path, files)));
  return paths.flatMap(({ key }, index) => {
    const fault = faults[index];
    return fault === undefined ? [] : [{ kind: "bad-value", path: key, fault } as const];
  });
}

async function faultOf({ path, holds }: NamedPath, files: InvokerFiles): Promise<string | undefined> {
  switch (holds) {
    case "directory":
      return directoryFault(path);
    case "metrics":
      return textfileFault(path);
    case "public-keys":
      return readableOr(path, () => keyFileFault(path, files));
    case "profile":
      return readableOr(path, () => profileFault(path, files));
    case "secret":
      return secretFault(path, files);
    case "certificates":
    case "certificate":
    case "private-key":
      return readableOr(path, () => certificateFault(path, holds, files));
    default:
      return holds satisfies never;
  }
}

async function readableOr(
  path: string,
  look: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await look();
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    const hint = readingHint(path, error);
    return `cannot read ${path}: ${reason}${hint === undefined ? "" : `. ${hint}`}`;
  }
}

async function keyFileFault(path: string, files: InvokerFiles): Promise<string | undefined> {
  const file = readKeyFile(files, path);
  const { readKeyring } = await import("../../trust/index.ts");
  try {
    await readKeyring([file]);
    return undefined;
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return error.message;
  }
}

/** What the text has to be follows from the table that names it; see check-notify.ts. */
async function secretFault(path: string, files: InvokerFiles): Promise<string | undefined> {
  const [{ readSecret }, { NotifyError }] = await Promise.all([
    import("../notify/index.ts"),
    import("../../notify/index.ts"),
  ]);
  try {
    readSecret(files, path);
    return undefined;
  } catch (error) {
    if (!(error instanceof NotifyError)) throw error;
    return error.message;
  }
}

async function profileFault(path: string, files: InvokerFiles): Promise<string | undefined> {
  const bytes = files.read(path);
  const { readDpkgStatus } = await import("../../clients/index.ts");
  try {
    readDpkgStatus(bytes, path);
    return undefined;
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return `${error.message}, expected a copy of /var/lib/dpkg/status`;
  }
}

async function certificateFault(
  path: string,
  holds: "certificates" | "certificate" | "private-key",
  files: InvokerFiles,
): Promise<string | undefined> {
  const text = files.read(path).toString("utf8");
  const { pemFault } = await import("../../upstream/index.ts");
  const fault = pemFault(holds === "private-key" ? "private-key" : "certificate", text);
  return fault === undefined ? undefined : `${path} ${fault}`;
}

/** The collector passes over other names. mirrorctl makes no directory for it: a collector would not read it there. */
async function textfileFault(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  if (!path.endsWith(".prom"))
    return `${path} does not end in .prom: the textfile collector would not read it`;
  if (ifAllowed(() => statIfAny(path))?.isDirectory() === true) return `${path} is a directory`;
  if (ifAllowed(() => statIfAny(folder)) !== undefined) return await directoryFault(folder);
  return `the directory ${folder} does not exist, or this user may not enter it`;
}

/** Checks the nearest existing directory: those below it will be made. */
async function directoryFault(path: string): Promise<string | undefined> {
  const stats = ifAllowed(() => statIfAny(path));
  if (stats === undefined)
    return path === dirname(path) ? `${path} does not exist` : directoryFault(dirname(path));
  if (!stats.isDirectory()) return `${path} is not a directory`;
  switch (whyNotWritable(path)) {
    case undefined:
      return undefined;
    case "read-only":
      return `${path} is on a file system that is mounted read-only`;
    case "denied":
      return `${path} is not writable by this user; it belongs to ${userOf(stats.uid).name}`;
  }
}
