import { rmSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { deb, inRelease, packages } from "../../verify/test-support.ts";
import { find, tellStory } from "../test-support.ts";

test("complete passes if signatures hold and every file is there", async () => {
  const { test: run } = await tellStory({});
  expect(await run()).toMatchObject({ verdict: "passed", gates: [{ gate: "complete", measured: 0 }] });
});

test.each([
  ["a package that was cut off", deb, "it has 1 bytes"],
  ["an index that is gone", packages, "it is missing"],
  ["a signature that is gone", inRelease, "it is missing"],
])("complete fails with %s, and names the file", async (_what, path, message) => {
  const { mirrors, test: run } = await tellStory({});
  if (path === deb) truncateSync(mirrors.file(path, "new"), 1);
  else rmSync(mirrors.file(path, "new"));
  const { verdict, gates } = await run();
  expect(verdict).toBe("failed");
  const complete = find(gates, "complete");
  expect(complete.details.map((detail) => detail.message).join("\n")).toContain(`${path}: ${message}`);
  expect(complete.text.todo).toEqual(["Repair it: mirrorctl snapshot verify m new --repair"]);
});

test("complete says that it could not check the files of a suite without a signature", async () => {
  const { mirrors, test: run } = await tellStory({});
  for (const path of [inRelease, "dists/stable/Release.gpg"]) rmSync(mirrors.file(path, "new"));
  const { details } = find((await run()).gates, "complete");
  expect(details.map(({ message }) => message)).toContain(
    "stable: it has no Release that can be trusted, so that its files were not checked",
  );
});

test("a gate that needs a missing index fails, and does not count what is left", async () => {
  const { mirrors, test: run } = await tellStory({ min_packages: 1 });
  rmSync(dirname(mirrors.file(packages, "new")), { recursive: true });
  const gate = find((await run()).gates, "min_packages");
  expect(gate).toMatchObject({ verdict: "failed", text: { measured: "not measured" } });
  expect(gate.details[0]?.message).toContain("new of m lacks main/binary-amd64/Packages of stable");
});
