/** The user that a run writes files as: all files below `dir` belong to one user, no matter who starts mirrorctl. */
import { dirname, join } from "node:path";
import type { Config, NotifyConfig } from "../config/index.ts";
import { hasCode, MirrorctlError } from "../errors.ts";
import { storeLayout } from "../layout.ts";
import { type InvokerFiles, invokerFiles, readAhead } from "../platform/invoker-files.ts";
import { aptKeyFolders } from "../platform/key-files.ts";
import { ifAllowed, whyNotWritable } from "../platform/look.ts";
import type { Machine } from "../platform/machine/host.ts";
import { type Owner, ownerOf, userOf } from "../platform/machine/users.ts";
import { extendedStatesOf } from "../platform/profile-files.ts";

/** A user who does not own `dir` asked for a change. */
export class OwnerError extends MirrorctlError<"NOT_OWNER"> {
  override readonly area = "store";
}

/** The user that a run works as. */
export interface Worker {
  readonly uid: number;
  /** The user who started the run: the same, or root. */
  readonly startedBy: number;
  /** Keys, certificates and passwords, as the user who started it reads them. */
  readonly files: InvokerFiles;
  /** Throws OwnerError NOT_OWNER if new files would belong to another user than the existing ones. */
  assertMayWrite(): void;
}

/** The user who started mirrorctl, regardless of the owner of `dir`: enough for runs that change nothing. */
export const invokerOf = ({ uid }: Machine): Worker => ({
  uid,
  startedBy: uid,
  files: invokerFiles,
  assertMayWrite: () => undefined,
});

/** Returns a directory for temporary files. TMPDIR may be closed to the user that the run works as. */
export const usableTempDir = ({ tempDir }: Machine): string =>
  whyNotWritable(tempDir) === undefined ? tempDir : "/tmp";

/**
 * Becomes the owner of `dir`, for good, if root started the run, after it has read keys and passwords. A single run as
 * root would leave files that the owner can neither replace nor remove.
 */
export function actAsOwner(config: Config, machine: Machine): Worker {
  const invoker = invokerOf(machine);
  const site = siteOf(config.dir, machine);
  if (site === undefined || site.owner.uid === machine.uid) return invoker;
  const { owner } = site;
  const refusing = (why: string): Worker => ({
    ...invoker,
    assertMayWrite: () => refuse(site, machine, why),
  });
  if (machine.uid !== 0) return refusing(`this is ${userOf(machine.uid).name}`);
  const files = readAhead(privatePaths(config), privateFolders(config));
  try {
    machine.becomeUser(owner);
  } catch (error) {
    // In a container or a unit of systemd, root may lack the right to change users.
    if (!hasCode(error, "EPERM", "EINVAL")) throw error;
    return refusing(`this root may not act as ${owner.name}`);
  }
  return { ...invoker, uid: owner.uid, files };
}

/** A directory whose owner decides for all files. */
interface Site {
  readonly path: string;
  readonly owner: Owner;
}

/**
 * Finds the owner of `dir`. If that is root, the owner of `.mirrorctl` in it: an administrator may have made `dir`, and
 * given it to a group. Undefined if neither exists.
 */
export function findSite(dir: string): Site | undefined {
  const site = siteAt(dir);
  return site?.owner.uid === 0 ? siteAt(storeLayout(dir).own) : site;
}

/** If root is about to make `dir`, it will belong to the owner of the directory above. */
function siteOf(dir: string, { uid }: Machine): Site | undefined {
  return uid === 0 && siteAt(dir) === undefined ? nearestAbove(dir) : findSite(dir);
}

function nearestAbove(path: string): Site | undefined {
  const above = dirname(path);
  return siteAt(above) ?? (above === path ? undefined : nearestAbove(above));
}

function siteAt(path: string): Site | undefined {
  const owner = ifAllowed(() => ownerOf(path));
  return owner && { path, owner };
}

function privatePaths({ mirrors, notify, path }: Config): readonly string[] {
  const ofMirrors = mirrors.flatMap(({ pgpKeyPaths, tls, criteria }) => [
    ...pgpKeyPaths,
    ...criteria.flatMap((criterion) =>
      criterion.gate === "profiles" ? criterion.files.flatMap((file) => [file, extendedStatesOf(file)]) : [],
    ),
    ...[tls.caCertFile, tls.clientCertFile, tls.clientKeyFile].filter((file) => file !== undefined),
  ]);
  return [...ofMirrors, ...notify.flatMap(filesOf), join(dirname(path), "auth.conf")];
}

/** The files of secrets and certificates. */
function filesOf({ channel }: NotifyConfig): readonly string[] {
  const secrets = [
    ...("url" in channel ? [channel.url] : []),
    ...(channel.type === "webhook" ? [channel.secret] : []),
    ...(channel.type === "ntfy" && channel.token !== undefined ? [channel.token] : []),
  ];
  return [
    ...secrets.flatMap((secret) => ("file" in secret ? [secret.file] : [])),
    ...("caCertFile" in channel && channel.caCertFile !== undefined ? [channel.caCertFile] : []),
  ];
}

const privateFolders = ({ path }: Config): readonly string[] => [
  ...aptKeyFolders,
  join(dirname(path), "auth.conf.d"),
];

function refuse({ path, owner }: Site, machine: Machine, why: string): never {
  const { name, sudoArgument } = owner;
  throw new OwnerError("NOT_OWNER", `${path} belongs to ${name}, and ${why}: nothing was changed`, {
    facts: { path, owner: name, user: userOf(machine.uid).name },
    hint: `Run it as that user: sudo -u ${sudoArgument} mirrorctl ...`,
  });
}
