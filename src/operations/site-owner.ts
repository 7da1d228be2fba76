/** Whose files a run writes: those below `dir` belong to one user, whoever starts mirrorctl. */
import { dirname, join } from "node:path";
import type { Config } from "../config/index.ts";
import { hasCode, MirrorctlError } from "../errors.ts";
import { storeLayout } from "../layout.ts";
import { ifAllowed, whyNotWritable } from "../platform/files.ts";
import type { Machine } from "../platform/host.ts";
import { type InvokerFiles, invokerFiles, readAhead } from "../platform/invoker-files.ts";
import { aptKeyFolders } from "../platform/key-files.ts";
import { type Owner, ownerOf, userOf } from "../platform/users.ts";

/** Another user than the owner of `dir` asked for a change. */
export class OwnerError extends MirrorctlError<"NOT_OWNER"> {
  override readonly area = "store";
}

/** As whom a run works. */
export interface Worker {
  readonly uid: number;
  /** The user who started it: the same, or root. */
  readonly startedBy: number;
  /** Keys, certificates and passwords, as the user who started it reads them. */
  readonly files: InvokerFiles;
  /** Throws NOT_OWNER where what this run writes would belong to another user than what is there. */
  assertMayWrite(): void;
}

/** The user who started mirrorctl, whatever `dir` belongs to: enough for what changes nothing. */
export const invokerOf = ({ uid }: Machine): Worker => ({
  uid,
  startedBy: uid,
  files: invokerFiles,
  assertMayWrite: () => undefined,
});

/** Where a run may make temporary files: TMPDIR may be of the user who started it, and closed to the one it works as. */
export const usableTempDir = ({ tempDir }: Machine): string =>
  whyNotWritable(tempDir) === undefined ? tempDir : "/tmp";

/**
 * Started by root where `dir` belongs to somebody else, the run goes on as that user, for good, after keys and passwords
 * were read: a single run as root would leave files behind that the user can neither replace nor remove.
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
    // A container, or a unit of systemd, may take the right to change users from root.
    if (!hasCode(error, "EPERM", "EINVAL")) throw error;
    return refusing(`this root may not act as ${owner.name}`);
  }
  return { ...invoker, uid: owner.uid, files };
}

/** What decides whose files a run writes. */
interface Site {
  readonly path: string;
  readonly owner: Owner;
}

/**
 * The owner of `dir`. Where that is root, the owner of what mirrorctl made in it: an administrator may have made `dir`,
 * and given it to a group. Undefined where there is neither.
 */
export function findSite(dir: string): Site | undefined {
  const site = siteAt(dir);
  return site?.owner.uid === 0 ? siteAt(storeLayout(dir).own) : site;
}

/** A `dir` that root is about to make will belong to the owner of the directory that it is made in. */
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

function privatePaths({ mirrors, path }: Config): readonly string[] {
  const ofMirrors = mirrors.flatMap(({ pgpKeyPaths, tls }) => [
    ...pgpKeyPaths,
    ...[tls.caCertFile, tls.clientCertFile, tls.clientKeyFile].filter((file) => file !== undefined),
  ]);
  return [...ofMirrors, join(dirname(path), "auth.conf")];
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
