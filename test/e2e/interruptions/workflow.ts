/** The commands that a mirror is used with, round after round, and what clients must see after each of them. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { digestOf } from "../../support/digests.ts";
import type { Workspace } from "../../support/index.ts";

export const publicNames = ["staging", "current", "working"] as const;
export type PublicName = (typeof publicNames)[number];

/** The identity of the tree at each public name; see `ServedTree`. */
export type Shown = Readonly<Record<PublicName, string | undefined>>;

export interface Command {
  readonly args: readonly string[];
  /** What is shown once it is done. Names that are left out do not change. */
  readonly goal: Partial<Shown>;
  /** Returns true if an interrupted run had completed, where running it again would do something else. */
  readonly isDone?: () => Promise<boolean>;
  /** The error that another run may fail with if nothing is left to do. */
  readonly mayFail?: RegExp;
}

export interface Observed {
  readonly workspace: Workspace;
  readonly shown: Shown;
  /** Name and identity of every snapshot, sorted by name. */
  readonly snapshots: readonly (readonly [name: string, identity: string])[];
}

export const linkPath = (workspace: Workspace, name: PublicName): string =>
  join(workspace.dir, "debian", name === "working" ? ".live" : name);

export const snapshotsPath = (workspace: Workspace): string => join(workspace.dir, ".snapshots/debian");

/** Adds a package upstream, removes an older one, and replaces the installer image. */
export async function moveUpstream({ upstream }: Workspace, round: number, startedAt: Date): Promise<void> {
  const options = { compressions: ["gz"], digests: ["SHA256"], listPlainButAbsent: false } as const;
  const suite = round === 0 ? upstream.suite("stable", options) : upstream.suite("stable");
  const sizeBytes = 30_000 + (round % 5) * 40_000;
  suite.addPackage(`new-${round}`, "1.0-1", { files: { "usr/share/data": randomBytes(sizeBytes) } });
  if (round > 2) suite.removePackage(`new-${round - 3}`);
  // Its size is not listed anywhere, and its name stays the same.
  const image = randomBytes(sizeBytes);
  suite.addFile(`${images}/SHA256SUMS`, `${digestOf(image, "SHA256")}  ./netboot/mini.iso\n`);
  upstream.rewrite(`dists/stable/${images}/netboot/mini.iso`, image);
  await upstream.publish({ date: new Date(startedAt.getTime() + round * 60_000) });
}

const images = "main/installer-amd64/current/images";

/** In this order. Undefined if there is nothing to do in this round. */
export const commands: readonly ((observed: Observed) => Command | undefined)[] = [
  sync,
  (observed) => {
    const fixed = identityOf(observed, "fixed");
    return fixed === undefined ? undefined : verb(["stage", "fixed"], { staging: fixed });
  },
  ({ shown }) => verb(["create", "fixed", "--force", "--stage"], { staging: shown.working }),
  stageNewest,
  ({ shown }) => verb(["promote"], { current: shown.staging }),
  (observed) => {
    const [name, identity] =
      timed(observed).findLast(([, candidate]) => candidate !== observed.shown.current) ?? [];
    return name === undefined ? undefined : verb(["publish", name], { current: identity });
  },
  ({ workspace, shown: { staging, current } }) =>
    staging === current
      ? undefined
      : {
          ...verb(["rollback"], { current: staging }),
          isDone: async () => (await lastMove(workspace)) === "rollback done",
        },
  (observed) => {
    const used = [linkedName(observed, "staging"), linkedName(observed, "current")];
    const [name] = timed(observed).find(([candidate]) => !used.includes(candidate)) ?? [];
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

function sync({ workspace }: Observed): Command {
  const upstreams = digestOf(readFileSync(workspace.upstream.path("dists/stable/InRelease")), "SHA256");
  return { args: ["sync"], goal: { working: upstreams, staging: upstreams } };
}

function stageNewest(observed: Observed): Command | undefined {
  const [name, identity] = timed(observed).at(-1) ?? [];
  return name === undefined ? undefined : verb(["stage", name], { staging: identity });
}

const verb = ([name = "", ...others]: readonly string[], goal: Partial<Shown>): Command => ({
  args: ["snapshot", name, "debian", ...others],
  goal,
});

/** The snapshots that a sync made, which are named after the time. */
const timed = ({ snapshots }: Observed): Observed["snapshots"] =>
  snapshots.filter(([name]) => /^\d/.test(name));

const identityOf = ({ snapshots }: Observed, wanted: string): string | undefined =>
  snapshots.find(([name]) => name === wanted)?.[1];

function linkedName({ workspace }: { readonly workspace: Workspace }, name: PublicName): string | undefined {
  const link = linkPath(workspace, name);
  return existsSync(link) ? basename(readlinkSync(link)) : undefined;
}

/** Names of mirrorctl's snapshots, without other people's directories. */
export const snapshotNames = (workspace: Workspace): readonly string[] => {
  const path = snapshotsPath(workspace);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => !name.startsWith(".") && existsSync(join(path, ".meta", `${name}.json`)))
        .toSorted()
    : [];
};
