import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clearsign, createSigningKey } from "../../../test/support/index.ts";
import { directoryForTest, makeTree, releaseText } from "../test-support.ts";
import { describeSuites, describeTree, findReleases } from "./description.ts";

const date = "Mon, 04 May 2026 03:02:01 UTC";

test("finds suites by InRelease, or by Release with Release.gpg, flat ones too", async () => {
  const directory = await directoryForTest();
  const key = await createSigningKey();
  const inRelease = await clearsign(releaseText(date, "Mon, 11 May 2026 03:02:01 UTC"), [key]);
  makeTree(directory.path, {
    "dists/noble/Release": releaseText(date),
    "dists/noble/Release.gpg": "signature",
    "dists/noble/main/binary-amd64/Release": "Archive: noble\n",
    "dists/noble-updates/main/Release": "Archive: noble-updates\n",
    "dists/stable/updates/Release": releaseText(date),
    "dists/stable/updates/Release.gpg": "signature",
    "flat/Release": releaseText(date),
    "flat/Release.gpg": "signature",
    "flat/tool_1_all.deb": "tool",
    Release: releaseText(date),
    "Release.gpg": "signature",
  });
  makeTree(directory.path, { "dists/noble-updates/InRelease": "" });
  writeFileSync(directory.join("dists/noble-updates/InRelease"), inRelease);
  // An old pair beside InRelease, which apt does not read.
  makeTree(directory.path, {
    "dists/noble-updates/Release": releaseText("Sun, 03 May 2026 03:02:01 UTC"),
    "dists/noble-updates/Release.gpg": "signature",
  });

  const { releases, files, packages } = await describeTree(directory.path, new AbortController().signal);
  const iso = "2026-05-04T03:02:01.000Z";
  const bySuite = new Map(releases.map(({ suite, ...dates }) => [suite, dates]));
  expect(bySuite).toEqual(
    new Map([
      ["noble", { date: iso, validUntil: undefined }],
      ["noble-updates", { date: iso, validUntil: "2026-05-11T03:02:01.000Z" }],
      ["stable/updates", { date: iso, validUntil: undefined }],
      ["flat/", { date: iso, validUntil: undefined }],
      ["/", { date: iso, validUntil: undefined }],
    ]),
  );
  expect(releases).toHaveLength(5);
  const suites = ["noble", "noble-updates", "stable/updates", "flat/", "./", "absent"];
  const ofSuites = describeSuites(directory.path, suites);
  expect(ofSuites).toEqual(ofSuites.map(({ suite }) => releases.find((release) => release.suite === suite)));
  expect(ofSuites).toHaveLength(5);
  expect(await findReleases(directory.path, new AbortController().signal)).toEqual(releases);
  const interrupted = AbortSignal.abort(new Error("interrupted"));
  await expect(findReleases(directory.path, interrupted)).rejects.toThrow("interrupted");
  expect({ files, packages }).toEqual({ files: 14, packages: 1 });
});

test.each(["a_1_amd64.deb", "a_1_amd64.udeb", "a-dbgsym_1_amd64.ddeb"])(
  "counts %s as a package",
  async (name) => {
    const directory = await directoryForTest();
    makeTree(directory.path, { [`pool/${name}`]: "", "pool/a_1.dsc": "", "pool/a.deb.sig": "" });
    expect(await describeTree(directory.path, new AbortController().signal)).toMatchObject({
      files: 3,
      packages: 1,
    });
  },
);
