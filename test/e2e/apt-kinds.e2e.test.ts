/** Checks that the clients of the other tests are of the kinds that they claim to be. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { aptKinds, createAptClient, createSigningKey, createWorkspace } from "../support/index.ts";

const roots = new URL("../../.cache/roots/", import.meta.url);

test.each([
  { kind: "trixie", version: /^apt 3\.0\./ },
  { kind: "forky", version: /^apt (?:3\.(?:[3-9]|\d\d)|[4-9])\./ },
] as const)("$kind has an apt of $version, which checks signatures with sqv", async ({ kind, version }) => {
  await using workspace = await createWorkspace({});
  const client = await createAptClient({ kind, dir: workspace.join("client"), sources: "" });
  expect((await client.run(["--version"])).output).toMatch(version);
  const programs = ["sqv", "gpgv"].filter((name) => existsSync(new URL(`${kind}/usr/bin/${name}`, roots)));
  expect(programs).toEqual(["sqv"]);
});

describe.each(aptKinds)("the apt of %s", (kind) => {
  test("refuses a suite that none of its keys signed", async () => {
    await using workspace = await createWorkspace({});
    workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
    await workspace.upstream.publish();
    const client = await createAptClient({
      kind,
      dir: workspace.join("client"),
      sources: `deb ${workspace.server.url} stable main`,
      keyrings: { "other.asc": (await createSigningKey()).publicKeyArmored },
    });
    const { exitCode, complaints } = await client.update();
    expect(exitCode).toBe(100);
    expect(complaints.join("\n")).toMatch(/is not signed/);
    expect(await client.policy("hello")).not.toContain("1.0-1");
  });
});
