/** Bad upstreams: a sync publishes nothing, and the next one completes once they are repaired. */
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { createSigningKey, type Workspace } from "../support/index.ts";
import { createRunningMirror, logOfFailure, newDeb } from "./running-mirror.ts";

const packages = "dists/stable/main/binary-amd64/Packages";

describe.concurrent("a sync fails with status 1 and publishes nothing when upstream", () => {
  interface BadUpstream {
    readonly harm: (workspace: Workspace) => Promise<void> | void;
    readonly says: readonly string[];
    /** Checks that downloaded packages are kept for the next run. */
    readonly keepsDraft?: true;
  }

  const cases: readonly (readonly [name: string, BadUpstream])[] = [
    [
      "is signed by another key",
      {
        harm: async ({ keyFile }) => writeFile(keyFile, (await createSigningKey()).publicKeyArmored),
        says: ["ERROR PGP signature verification failed: signed by unknown key 0x", "in pgp_key_path"],
      },
    ],
    [
      "has an InRelease that was tampered with",
      {
        harm: ({ upstream }) => upstream.corrupt("dists/stable/InRelease"),
        says: ["ERROR PGP signature verification failed: invalid signature", "compare with another mirror"],
      },
    ],
    [
      "has a Packages of the same size with other bytes",
      {
        harm({ upstream }) {
          for (const form of ["gz", "xz"]) upstream.corrupt(`${packages}.${form}`);
        },
        says: [`ERROR ${packages}`, "digest is", "the next sync starts from its newest Release"],
      },
    ],
    [
      "has an error page in place of Packages",
      {
        harm: ({ upstream }) => {
          for (const form of ["gz", "xz"])
            upstream.rewrite(`${packages}.${form}`, "<html>Not found</html>\n");
        },
        says: [`ERROR ${packages}`, "the body has 23 bytes, expected", "a cache on the way"],
      },
    ],
    [
      "lacks a package that it lists",
      {
        harm: ({ upstream }) => upstream.remove(newDeb),
        says: [`${newDeb}: 404 at http`, `listed in ${packages}`, "allow_missing publishes without"],
        keepsDraft: true,
      },
    ],
    [
      "has a package that was cut short",
      {
        harm: ({ upstream }) => upstream.truncate(newDeb),
        says: [`${newDeb}: `, "bytes, expected", `listed in ${packages}`, "allow_missing publishes without"],
        keepsDraft: true,
      },
    ],
    [
      "has a package of the same size with other bytes",
      {
        harm: ({ upstream }) => upstream.corrupt(newDeb),
        says: [`${newDeb}: the `, "digest is", `listed in ${packages}`, "Nothing was published"],
        keepsDraft: true,
      },
    ],
  ];

  test.for(cases)("%s", async ([, { harm, says, keepsDraft }]) => {
    await using workspace = await createRunningMirror();
    await harm(workspace);
    const log = await logOfFailure(workspace, 1, ["sync"]);
    for (const text of [...says, "ERROR Sync failed for debian"]) expect(log).toContain(text);
    expect(log).not.toContain("Sync completed");
    const kept = (await workspace.leftovers()).filter((path) => !path.includes("/trees/debian/."));
    expect(kept).toEqual([]);
    expect((await workspace.leftovers()).length > 0).toBe(keepsDraft === true);

    await writeFile(workspace.keyFile, workspace.key.publicKeyArmored);
    await workspace.upstream.publish();
    await workspace.run(["sync"]);
    expect((await workspace.published("debian")).staging?.files.has(newDeb)).toBe(true);
    expect(await workspace.leftovers()).toEqual([]);
  });
});
