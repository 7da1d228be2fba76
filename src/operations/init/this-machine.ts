import type { DistributionName } from "./distributions.ts";

/** What this machine runs, as far as it says so. */
export interface ThisMachine {
  readonly distribution: DistributionName | undefined;
  readonly release: string | undefined;
}

/** Reads os-release(5). A derivative that names the release of Ubuntu or Debian below it counts as that. */
export function readOsRelease(text: string): ThisMachine {
  const values = new Map(
    text.split("\n").flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.replaceAll(/^["']|["']$/g, "")]];
    }),
  );
  const id = values.get("ID");
  if (id === "debian" || id === "ubuntu")
    return { distribution: id, release: values.get("VERSION_CODENAME") };
  for (const [distribution, name] of [
    ["ubuntu", "UBUNTU_CODENAME"],
    ["debian", "DEBIAN_CODENAME"],
  ] as const) {
    const release = values.get(name);
    if (release !== undefined) return { distribution, release };
  }
  return { distribution: undefined, release: undefined };
}
