/** The kinds of index that a Release may list, and how clients find them in a mirror. */
import { describe, expect, test } from "vitest";
import { aptKinds, createAptClient, readTree, serveDirectory } from "../support/index.ts";
import {
  clientComplaints,
  createStableMirror,
  helloDeb,
  logOfFailedSync,
  logOfSync,
  requestsFor,
  treeOf,
} from "./stable-mirror.ts";

describe.concurrent("of what Release lists", () => {
  test("Contents beside Release are downloaded for the configured architectures", async () => {
    await using workspace = await createStableMirror({
      state(suite) {
        for (const name of ["amd64", "i386"]) suite.addFile(`Contents-${name}`, "bin/x  x\n", "compressed");
      },
    });
    await workspace.run(["sync"]);
    const paths = [...(await treeOf(workspace)).keys()].filter((path) => path.includes("Contents"));
    expect(paths).toEqual(["dists/stable/Contents-amd64.gz", "dists/stable/Contents-amd64.xz"]);
    const target = `Acquire::IndexTargets::deb::Legacy { MetaKey "Contents-$(ARCHITECTURE)"; ShortDescription "C"; Description "C"; };`;
    expect(await clientComplaints(workspace, "stable main", { extraConf: target })).toEqual([]);
  });

  test("no Sources are requested without mirror_source", async () => {
    await using workspace = await createStableMirror({ state: (suite) => suite.addSource("hello", "1.0-1") });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /source|\.dsc$|\.orig\./)).toEqual([]);
  });

  test("binary-all and its indices are downloaded without being configured", async () => {
    await using workspace = await createStableMirror({
      options: { architectures: ["amd64", "all"] },
      state: (suite) => suite.addContents().addPackage("data", "1.0-1", { architecture: "all" }),
    });
    await workspace.run(["sync"]);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(requestsFor(workspace, /data_1\.0-1_all\.deb/)).toHaveLength(1);
  });

  test.for(aptKinds)(
    "patches of indices are left out, and a client updates without them: %s",
    async (kind) => {
      await using workspace = await createStableMirror();
      await workspace.arrange(["sync"]);
      await using server = await serveDirectory(workspace.dir);
      const client = await createAptClient({
        kind,
        dir: workspace.join("client"),
        sources: `deb ${server.url}/debian/current stable main`,
        keyrings: { "archive.asc": workspace.key.publicKeyArmored },
      });
      await client.update();
      const suite = workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
      suite.addFile("main/binary-amd64/Packages.diff/Index", `SHA256-Current: ${"1".repeat(64)} 9\n`);
      await workspace.upstream.publish();
      await workspace.run(["sync"]);
      expect(requestsFor(workspace, /diff/)).toEqual([]);
      const { exitCode, complaints } = await client.update();
      expect(exitCode).toBe(0);
      // One line, repeated if apt has looked by hash first.
      const patched = /^Ign:\d+ \S+ stable\/main amd64 Packages/;
      expect(complaints.filter((line) => !patched.test(line))).toEqual([]);
      expect(new Set(complaints).size).toBe(1);
      expect(await client.policy("newcomer")).toContain("Candidate: 1.0-1");
    },
  );

  test("an optional index that the server forbids is a warning that names it", async () => {
    await using workspace = await createStableMirror({
      options: { acquireByHash: false },
      state: (suite) => suite.addContents().addTranslation("en"),
    });
    workspace.server.fault({ path: /Contents|Translation/, status: 403 });
    expect(await logOfSync(workspace)).toContain(
      "WARN  stable: upstream lists but does not have 2 indices: main/Contents-amd64, main/i18n/Translation-en\n",
    );
    expect((await treeOf(workspace)).has(helloDeb)).toBe(true);
  });

  test("a missing architecture is an error that names the existing ones", async () => {
    await using workspace = await createStableMirror({ settings: { architectures: ["amd64", "arm64"] } });
    expect(await logOfFailedSync(workspace)).toContain(
      "stable: Release lists no indices for architecture arm64; it lists amd64\n",
    );
  });

  test("the first of two entries with one name counts, with a warning", async () => {
    const name = "main/binary-amd64/Packages.gz";
    const editRelease = (text: string): string => `${text} ${"0".repeat(64)} 7 ${name}\n`;
    await using workspace = await createStableMirror({ options: { digests: ["SHA256"], editRelease } });
    expect(await logOfSync(workspace)).toContain(`"${name}": listed twice`);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });
});

describe.concurrent("two paths of the same bytes", () => {
  test("take one download", async () => {
    const paths = ["pool/a/hello.deb", "pool/b/hello.deb", "pool/c/hello.deb"];
    await using workspace = await createStableMirror({
      state(suite) {
        suite.removePackage("hello");
        for (const filename of paths) suite.addPackage("hello", "1.0-1", { filename });
      },
    });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /^\/pool\//)).toHaveLength(1);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
  });
});
