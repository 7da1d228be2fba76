import { gunzipSync } from "node:zlib";
import { type AptClient, aptAvailable, createAptClient, type SigningKey } from "../../test/support/index.ts";

/** The link that each machine reads. */
export const machines = { "test-1": "staging", "web-1": "current", "web-2": "current" } as const;

export type Machine = keyof typeof machines;

/** The machines that use the mirror. */
export interface Clients {
  /** How they read it, in words. */
  readonly how: string;
  /** Updates, and returns the version of a package that the machine would install. Fails if apt complains. */
  candidateOf(machine: Machine, packageName: string): Promise<string>;
  /** Does what `rm -r /var/lib/apt/lists` does. Absent without apt. */
  readonly forgetLists?: (machine: Machine) => Promise<void>;
}

/** Uses real apt in private directories. Without apt, reads the index that apt would read. */
export async function createClients(dir: string, mirrorUrl: string, key: SigningKey): Promise<Clients> {
  const urlOf = (machine: Machine) => `${mirrorUrl}/example/${machines[machine]}`;
  if (!aptAvailable()) {
    const candidateOf: Clients["candidateOf"] = (machine, name) => versionInIndex(urlOf(machine), name);
    return { how: "Packages as a client reads it; apt is not installed here", candidateOf };
  }
  const clientOf = (machine: Machine): Promise<AptClient> =>
    createAptClient({
      dir: `${dir}/${machine}`,
      sources: `deb ${urlOf(machine)} stable main`,
      keyrings: { "example.asc": key.publicKeyArmored },
    });
  const apt: Readonly<Record<Machine, AptClient>> = {
    "test-1": await clientOf("test-1"),
    "web-1": await clientOf("web-1"),
    "web-2": await clientOf("web-2"),
  };
  return {
    how: "apt-get update; apt-cache policy",
    async candidateOf(machine, name) {
      const { exitCode, complaints, output } = await apt[machine].update();
      if (exitCode !== 0 || complaints.length > 0) throw new Error(`apt-get update complains:\n${output}`);
      return valueOf("Candidate", await apt[machine].policy(name));
    },
    forgetLists: (machine) => apt[machine].forgetLists(),
  };
}

async function versionInIndex(baseUrl: string, name: string): Promise<string> {
  const response = await fetch(`${baseUrl}/dists/stable/main/binary-amd64/Packages.gz`);
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  const stanzas = gunzipSync(await response.arrayBuffer())
    .toString()
    .split("\n\n");
  return valueOf("Version", stanzas.find((stanza) => stanza.startsWith(`Package: ${name}\n`)) ?? "");
}

function valueOf(field: string, text: string): string {
  const value = new RegExp(`^ *${field}: (.*)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`no field ${field} in ${JSON.stringify(text)}`);
  return value;
}
