/** Whose files a run writes: those below `dir` belong to one user, whoever starts mirrorctl. */
import { dirname, join } from "node:path";
import type { Config } from "../config/index.ts";
import { MirrorctlError } from "../errors.ts";
import { storeLayout } from "../layout.ts";
import { ifAllowed } from "../platform/files.ts";
import type { Host } from "../platform/host.ts";
import { type InvokerFiles, invokerFiles, readAhead } from "../platform/invoker-files.ts";
import { aptKeyFolders } from "../platform/key-files.ts";
import { ownerOf, type User, userOf } from "../platform/users.ts";

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
export const invokerOf = ({ uid }: Host): Worker => ({
  uid,
  startedBy: uid,
  files: invokerFiles,
  assertMayWrite: () => undefined,
});

/**
 * Started by root where `dir` belongs to somebody else, the run goes on as that user, for good, after keys and passwords
 * were read: a single run as root would leave files behind that the user can neither replace nor remove.
 */
export function actAsOwner(config: Config, host: Host): Worker {
  const owner = ownerOfSite(config.dir);
  const invoker = invokerOf(host);
  if (owner === undefined || owner.uid === host.uid) return invoker;
  if (host.uid !== 0) return { ...invoker, assertMayWrite: () => refuse(config.dir, owner, host) };
  const files = readAhead(privatePaths(config), privateFolders(config));
  host.becomeUser(owner);
  return { ...invoker, uid: owner.uid, files };
}

/**
 * The owner of `dir`. Where that is root, the owner of what mirrorctl made in it: an administrator may have made `dir`,
 * and given it to a group.
 */
function ownerOfSite(dir: string): User | undefined {
  const owner = ownerOf(dir);
  return owner?.uid === 0 ? ifAllowed(() => ownerOf(storeLayout(dir).own)) : owner;
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

function refuse(dir: string, owner: User, host: Host): never {
  const { name, argument } = owner;
  const self = userOf(host.uid).name;
  throw new OwnerError("NOT_OWNER", `${dir} belongs to ${name}, and this is ${self}: nothing was changed`, {
    facts: { dir, owner: name, user: self },
    hint: `Run it as that user: sudo -u ${argument} mirrorctl ...`,
  });
}
