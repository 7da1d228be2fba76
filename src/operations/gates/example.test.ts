/** Loads examples/gates.toml, and runs its gates on a mirror of the tests. */
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "smol-toml";
import * as v from "valibot";
import { expect, test } from "vitest";
import { createSigningKey, type FakeUpstream } from "../../../test/support/index.ts";
import type { SnapshotTestAnswer } from "../../report/json/schemas/gates.ts";
import { type Mirrors, openMirrors } from "../verify/test-support.ts";

const exampleFile = v.object({
  snapshot: v.looseObject({}),
  gates: v.looseObject({}),
  mirrors: v.object({
    "ubuntu-noble": v.looseObject({ gates: v.looseObject({ min_packages: v.number() }) }),
  }),
});

const id = "ubuntu-noble";
const usual = ["openssh-server", "nginx", "libc6"];

/** Opens the mirror of the example, with an upstream of three packages in place of 12850. */
async function openExample(): Promise<Mirrors> {
  const text = readFileSync(new URL("../../../examples/gates.toml", import.meta.url), "utf8");
  const {
    snapshot,
    gates,
    mirrors: { [id]: own },
  } = v.parse(exampleFile, parse(text));
  expect(own.gates.min_packages).toBe(12_850);
  const mirrors = await openMirrors();
  const noble = mirrors.upstream.suite("noble");
  for (const name of usual) noble.addPackage(name, "1.0-1");
  mirrors.configure(
    {
      [id]: {
        ...own,
        url: mirrors.server.url,
        pgp_key_path: mirrors.keyFile,
        gates: { ...own.gates, min_packages: usual.length },
      },
    },
    { snapshot, gates },
  );
  await stage(mirrors);
  await mirrors.run(["snapshot", "promote", id]);
  return mirrors;
}

/** A sync stages its snapshot. */
async function stage(mirrors: Mirrors, change: (upstream: FakeUpstream) => unknown = () => undefined) {
  change(mirrors.upstream);
  await mirrors.upstream.publish();
  mirrors.aheadMs += 1_000; // snapshots are named after the second
  await mirrors.run(["sync"]);
}

async function failing(mirrors: Mirrors, status: 0 | 3): Promise<readonly string[]> {
  const { out } = await mirrors.run(["--json", "snapshot", "test", id], status);
  const { gates } = JSON.parse(out) as SnapshotTestAnswer;
  return gates.filter(({ verdict }) => verdict === "failed").map(({ gate }) => gate);
}

test("the example promotes good updates, and refuses what the tutorial refuses", async () => {
  const mirrors = await openExample();
  await stage(mirrors, (upstream) =>
    upstream.suite("noble").removePackage("nginx").addPackage("nginx", "1.1-1"),
  );
  expect(await failing(mirrors, 0)).toEqual([]);
  await mirrors.run(["snapshot", "promote", id]);

  await stage(mirrors, (upstream) => upstream.suite("noble").removePackage("libc6"));
  expect(await failing(mirrors, 3)).toEqual(["min_packages", "max_removed_percent"]);
  await mirrors.run(["snapshot", "promote", id], 3);

  const broken = { fields: { Depends: "nowhere" } };
  await stage(mirrors, (upstream) =>
    upstream.suite("noble").addPackage("libc6", "1.0-1").addPackage("nginx", "1.2-1", broken),
  );
  expect(await failing(mirrors, 3)).toEqual(["no_new_uninstallable", "apt"]);

  // The gate passed with the key that is replaced here.
  writeFileSync(mirrors.keyFile, (await createSigningKey()).publicKeyArmored);
  expect(await failing(mirrors, 3)).toEqual(["complete", "no_new_uninstallable", "apt"]);
});
