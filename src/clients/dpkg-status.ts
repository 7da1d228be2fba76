import { type Stanza, StanzaReader } from "../repository/index.ts";
import type { Platform } from "./apt-conf.ts";
import { ClientError } from "./errors.ts";

/** A package of a dpkg status file that is installed. */
export interface InstalledPackage {
  /** As apt names it on that machine: "libc6", and "libc6:i386" for a foreign one. */
  readonly name: string;
  readonly version: string;
  /** dpkg holds it: it is never upgraded without a question. */
  readonly isHeld: boolean;
}

/** What a copy of /var/lib/dpkg/status says of a machine. */
export interface DpkgStatus {
  readonly platform: Platform;
  readonly packages: readonly InstalledPackage[];
}

/** Reads a dpkg status file. Throws a ClientError PROFILE_INVALID, or a RepositoryError, if it is anything else. `source` names it. */
export function readDpkgStatus(bytes: Uint8Array, source: string): DpkgStatus {
  const reader = new StanzaReader(source, { wanted: fields });
  const installed = [...reader.push(bytes), ...reader.end()].flatMap(readInstalled);
  const native = nativeArchitecture(installed);
  if (native === undefined)
    throw new ClientError("PROFILE_INVALID", `${source} lists no installed package`, {
      hint: "A profile is a copy of /var/lib/dpkg/status of a machine.",
    });
  const others = installed
    .map(({ architecture }) => architecture)
    .filter((one) => one !== "all" && one !== native);
  return {
    platform: {
      architecture: native,
      foreign: [...new Set(others)].toSorted(),
      variant: installed.find(({ variant }) => variant !== undefined)?.variant,
    },
    packages: installed.map(({ name, architecture, version, isHeld }) => ({
      name: architecture === native || architecture === "all" ? name : `${name}:${architecture}`,
      version,
      isHeld,
    })),
  };
}

const fields = ["package", "status", "version", "architecture", "architecture-variant"] as const;

interface Installed {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly variant: string | undefined;
  readonly isHeld: boolean;
}

/** dpkg(1): the status is what is wanted, a flag, and what is; packages that were removed stay in the list. */
function readInstalled(stanza: Stanza): readonly Installed[] {
  const [wanted, , state] = (stanza.get("status") ?? "").split(/\s+/);
  const [name, version, architecture] = [
    stanza.get("package"),
    stanza.get("version"),
    stanza.get("architecture"),
  ];
  if (state !== "installed" || name === undefined || version === undefined || architecture === undefined)
    return [];
  return [
    { name, version, architecture, variant: stanza.get("architecture-variant"), isHeld: wanted === "hold" },
  ];
}

/** Every machine of Debian has dpkg, in its own architecture; otherwise most packages decide. */
function nativeArchitecture(installed: readonly Installed[]): string | undefined {
  const own = installed.filter(({ architecture }) => architecture !== "all");
  const counts = new Map<string, number>();
  for (const { architecture } of own) counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
  return own.find(({ name }) => name === "dpkg")?.architecture ?? most?.[0];
}
