import type { RootPaths } from "./root-paths.ts";

/** What machines of one kind accept. */
export interface Platform {
  /** The native architecture. */
  readonly architecture: string;
  /** Other architectures whose packages can be installed. */
  readonly foreign: readonly string[];
  /** Such as "amd64v3": the machine prefers packages that were built for it. Only apt 3.1 and newer know variants. */
  readonly variant: string | undefined;
}

/**
 * Returns the apt.conf(5) of a private root. Read through APT_CONFIG it replaces everything that the machine's own apt is
 * configured with: Dir::Etc is set before apt looks for apt.conf.d, which options of the command line are not.
 */
export function aptConf(paths: RootPaths, { architecture, foreign, variant }: Platform): string {
  return `Dir::Etc "${paths.etc}";
Dir::State "${paths.state}";
Dir::State::lists "${paths.lists}";
Dir::State::status "${paths.status}";
Dir::State::extended_states "${paths.extendedStates}";
Dir::Cache "${paths.cache}";
Dir::Log "${paths.log}";
Dir::Bin::dpkg "/bin/true";
Dir::dpkg::varianttable "${paths.variants}";
APT::Architecture "${architecture}";
APT::Architectures ${list([architecture, ...foreign])};
APT::Architecture-Variants ${list(variant === undefined ? [] : [variant])};
APT::Sandbox::User "root";
APT::Get::Always-Include-Phased-Updates "true";
Update-Manager::Always-Include-Phased-Updates "true";
APT::Cmd::Pattern-Only "true";
APT::Get::Show-User-Simulation-Note "false";
Acquire::Retries "0";
`;
}

/** Returns a table of variants as dpkg has it: the name, its base architecture, and the name of the processors. */
export const variantTable = ({ architecture, variant }: Platform): string =>
  variant === undefined ? "" : `${variant}\t${architecture}\t${variant}\n`;

const list = (values: readonly string[]): string => `{ ${values.map((value) => `"${value}"; `).join("")}}`;
