/** A mirror as it is used, round after round, and what each command is to make clients see. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { digestOf } from "../../support/digests.ts";
import type { Workspace } from "../../support/index.ts";

export const publicNames = ["staging", "current", "working"] as const;
export type PublicName = (typeof publicNames)[number];

/** The identity of what each public name shows; see `ServedTree`. */
export type Shown = Readonly<Record<PublicName, string | undefined>>;

export interface Command {
  readonly args: readonly string[];
  /** What is shown once it is done; what is not named stays. */
  readonly goal: Partial<Shown>;
  /** True when a run of it that was cut off had come to its end: another run would do something else. */
  readonly isDone?: () => Promise<boolean>;
  /** How another run may fail that finds nothing left to do. */
  readonly mayFail?: RegExp;
}

export interface World {
  readonly workspace: Workspace;
  readonly shown: Shown;
  /** Of every snapshot: name and identity, oldest first by name; "fixed" apart. */
  readonly snapshots: readonly (readonly [name: string, identity: string])[];
}

export const linkPath = (workspace: Workspace, name: PublicName): string =>
  join(workspace.dir, "debian", name === "working" ? ".live" : name);

export const snapshotsPath = (workspace: Workspace): string => join(workspace.dir, ".snapshots/debian");

/** Something new upstream, something gone, and an installer image that is another one. */
export async function moveUpstream({ upstream }: Workspace, round: number, startedAt: Date): Promise<void> {
  const options = { compressions: ["gz"], digests: ["SHA256"], listPlainButAbsent: false } as const;
  const suite = round === 0 ? upstream.suite("stable", options) : upstream.suite("stable");
  const sizeBytes = 30_000 + (round % 5) * 40_000;
  suite.addPackage(`new-${round}`, "1.0-1", { files: { "usr/share/data": randomBytes(sizeBytes) } });
  if (round > 2) suite.removePackage(`new-${round - 3}`);
  // Its size is listed nowhere, and it changes without changing its name.
  const image = randomBytes(sizeBytes);
  suite.addFile(`${images}/SHA256SUMS`, `${digestOf(image, "SHA256")}  ./netboot/mini.iso\n`);
  upstream.rewrite(`dists/stable/${images}/netboot/mini.iso`, image);
  await upstream.publish({ date: new Date(startedAt.getTime() + round * 60_000) });
}

const images = "main/installer-amd64/current/images";

/** In this order; undefined where there is nothing to be done in this round. */
export const commands: readonly ((world: World) => Command | undefined)[] = [
  sync,
  (world) => {
    const fixed = identityOf(world, "fixed");
    return fixed === undefined ? undefined : verb(["stage", "fixed"], { staging: fixed });
  },
  ({ shown }) => verb(["create", "fixed", "--force", "--stage"], { staging: shown.working }),
  stageNewest,
  ({ shown }) => verb(["promote"], { current: shown.staging }),
  (world) => {
    const [name, identity] =
      timed(world).findLast(([, candidate]) => candidate !== world.shown.current) ?? [];
    return name === undefined ? undefined : verb(["publish", name], { current: identity });
  },
  ({ workspace, shown: { staging, current } }) =>
    staging === current
      ? undefined
      : {
          ...verb(["rollback"], { current: staging }),
          isDone: async () => (await lastMove(workspace)) === "rollback done",
        },
  (world) => {
    const used = [linkedName(world, "staging"), linkedName(world, "current")];
    const [name] = timed(world).find(([candidate]) => !used.includes(candidate)) ?? [];
    return name === undefined
      ? undefined
      : { ...verb(["delete", name, "--force"], {}), mayFail: /has no snapshot/ };
  },
  () => ({ args: ["snapshot", "prune", "debian", "--keep-last", "2"], goal: {} }),
  sync,
];

async function lastMove(workspace: Workspace): Promise<string> {
  const { stdout } = await workspace.run(["history", "debian", "--limit", "1", "--json"]);
  const [line] = JSON.parse(stdout) as { action: string; result: string }[];
  return `${line?.action} ${line?.result}`;
}

function sync({ workspace }: World): Command {
  const upstreams = digestOf(readFileSync(workspace.upstream.path("dists/stable/InRelease")), "SHA256");
  return { args: ["sync"], goal: { working: upstreams, staging: upstreams } };
}

function stageNewest(world: World): Command | undefined {
  const [name, identity] = timed(world).at(-1) ?? [];
  return name === undefined ? undefined : verb(["stage", name], { staging: identity });
}

const verb = ([name = "", ...others]: readonly string[], goal: Partial<Shown>): Command => ({
  args: ["snapshot", name, "debian", ...others],
  goal,
});

/** Those that a sync made, named after the time. */
const timed = ({ snapshots }: World): World["snapshots"] => snapshots.filter(([name]) => /^\d/.test(name));

const identityOf = ({ snapshots }: World, wanted: string): string | undefined =>
  snapshots.find(([name]) => name === wanted)?.[1];

function linkedName({ workspace }: { readonly workspace: Workspace }, name: PublicName): string | undefined {
  const link = linkPath(workspace, name);
  return existsSync(link) ? basename(readlinkSync(link)) : undefined;
}

/** Names of the snapshots that are listed: mirrorctl's, and not what others put there. */
export const snapshotNames = (workspace: Workspace): readonly string[] => {
  const path = snapshotsPath(workspace);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => !name.startsWith(".") && existsSync(join(path, ".meta", `${name}.json`)))
        .toSorted()
    : [];
};
