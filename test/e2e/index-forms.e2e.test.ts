/** The forms and names of an index. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type DigestName, digestOf, readTree, type Workspace } from "../support/index.ts";
import {
  binary,
  bytesIn,
  clientComplaints,
  createStableMirror,
  logOfSync,
  requestsFor,
  treeOf,
} from "./stable-mirror.ts";

describe.concurrent("the forms of an index:", () => {
  test.for(["xz", "gz", "bz2", "zst"] as const)(
    "only .%s, with the plain one listed but absent",
    async (form) => {
      await using workspace = await createStableMirror({ options: { compressions: [form] } });
      expect(await logOfSync(workspace)).not.toContain("WARN");
      expect(requestsFor(workspace, /\/Packages$/)).toEqual([]);
      expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
      expect(await clientComplaints(workspace, "stable main")).toEqual([]);
    },
  );

  test("only plain", async () => {
    await using workspace = await createStableMirror({ options: { compressions: [] } });
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });

  test("every compressed one is downloaded; a listed but absent one is not an error", async () => {
    const forms = ["xz", "gz", "bz2", "zst"] as const;
    await using workspace = await createStableMirror({
      options: { compressions: forms, acquireByHash: false },
    });
    workspace.upstream.remove(`${binary}/Packages.bz2`);
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
  });

  test("empty ones in many directories take one request", async () => {
    const components = ["main", ...Array.from({ length: 12 }, (_, at) => `empty${at}`)];
    await using workspace = await createStableMirror({
      settings: { sections: components },
      options: { components },
    });
    await workspace.run(["sync"]);
    const requested = requestsFor(workspace, /by-hash/).map((path) => basename(path));
    expect(requested.toSorted()).toEqual([...new Set(requested)].toSorted());
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, `stable ${components.join(" ")}`)).toEqual([]);
  });

  test("one of no bytes is stored if upstream has it, and otherwise not missed", async () => {
    const options = { components: ["main", "empty", "absent"], compressions: [], acquireByHash: false };
    await using workspace = await createStableMirror({
      settings: { sections: options.components, mirror_source: true },
      options,
      state: (suite) => suite.addSource("hello", "1.0-1").removeSource("hello"),
    });
    for (const index of ["binary-amd64/Packages", "source/Sources"])
      workspace.upstream.remove(`dists/stable/absent/${index}`);
    await workspace.run(["sync"]);
    for (const index of ["empty/binary-amd64/Packages", "main/source/Sources"])
      expect(bytesIn(workspace, `dists/stable/${index}`)).toHaveLength(0);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, "stable main empty absent")).toEqual([]);
  });
});

const moveByHashToEnd = (text: string): string =>
  `${text.replace("Acquire-By-Hash: yes\n", "")}Acquire-By-Hash: yes\n`;

describe.concurrent("by-hash", () => {
  test("is requested, although the field follows the digests", async () => {
    await using workspace = await createStableMirror({ options: { editRelease: moveByHashToEnd } });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /Packages/)).toEqual([]);
    expect(requestsFor(workspace, /binary-amd64\/by-hash\/SHA512\//)).toHaveLength(3);
  });

  test("has every listed algorithm and form, as other names of the same files", async () => {
    const digests: readonly DigestName[] = ["MD5Sum", "SHA1", "SHA256", "SHA512"];
    await using workspace = await createStableMirror({ options: { digests } });
    await workspace.run(["sync"]);
    const root = workspace.join("www/debian/current", binary);
    for (const name of ["Packages.gz", "Packages.xz", "Release"]) {
      const canonical = join(root, name);
      for (const digest of digests) {
        const other = join(root, "by-hash", digest, digestOf(readFileSync(canonical), digest));
        expect(statSync(other).ino).toBe(statSync(canonical).ino);
      }
    }
  });

  const failures: readonly (readonly [name: string, harm: (workspace: Workspace) => void])[] = [
    ["lacks it", ({ upstream }) => rmSync(upstream.path(`${binary}/by-hash`), { recursive: true })],
    ["forbids it", ({ server }) => void server.fault({ path: /by-hash/, status: 403 })],
    ["has other bytes there", ({ server }) => void server.fault({ path: /by-hash/, html: true })],
  ];

  test.for(failures)("an upstream that %s gets a request for the index by its name", async ([, harm]) => {
    await using workspace = await createStableMirror();
    harm(workspace);
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /Packages\.gz$/)).toHaveLength(1);
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });
});
