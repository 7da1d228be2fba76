/** The images of the Debian installer, and the udebs that it loads. */
import { describe, expect, test } from "vitest";
import { type DigestName, debFile, digestOf, readTree, type Workspace } from "../support/index.ts";
import {
  bytesIn,
  clientComplaints,
  createStableMirror,
  helloDeb,
  logOfFailedSync,
  logOfSync,
  requestsFor,
  treeOf,
} from "./stable-mirror.ts";

const images = "dists/stable/main/installer-amd64";
const sums = (digest: DigestName, files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, content]) => `${digestOf(content, digest)}  ${name}\n`)
    .join("");

interface Installer {
  /** Names in SHA256SUMS, and contents. */
  readonly files?: Readonly<Record<string, string>>;
  readonly sha256Sums?: string;
}

/** Makes a suite with a udeb and, under two names as in Debian, the images of the installer. */
async function createInstallerMirror({
  files = usualImages,
  sha256Sums,
}: Installer = {}): Promise<Workspace> {
  const workspace = await createStableMirror({ settings: { installer: true } });
  await publishInstaller(workspace, files, sha256Sums);
  return workspace;
}

const usualImages = {
  "./netboot/mini.iso": "an image",
  "./cdrom/vmlinuz": "a kernel",
  "./MANIFEST": "a list",
};
const udeb = "pool/main/d/disk-detect/disk-detect_1.0_amd64.udeb";

async function publishInstaller(
  { upstream }: Workspace,
  files: Readonly<Record<string, string>>,
  sha256Sums = sums("SHA256", files),
): Promise<void> {
  const suite = upstream.suite("stable");
  const { bytes, control } = await debFile({ package: "disk-detect", version: "1.0", architecture: "amd64" });
  const sizes = `Filename: ${udeb}\nSize: ${bytes.length}\nSHA256: ${digestOf(bytes, "SHA256")}\n`;
  suite.addFile("main/debian-installer/binary-amd64/Packages", `${control}${sizes}\n`, "compressed");
  suite.addFile("main/debian-installer/binary-amd64/Release", "Component: main\n");
  suite.addFile("main/Contents-udeb-amd64", "bin/disk-detect  disk-detect\n", "compressed");
  for (const version of ["20230607", "current"]) {
    suite.addFile(`main/installer-amd64/${version}/images/SHA256SUMS`, sha256Sums);
    suite.addFile(`main/installer-amd64/${version}/images/MD5SUMS`, sums("MD5Sum", files));
    for (const [name, content] of Object.entries(files))
      upstream.rewrite(`${images}/${version}/images/${name}`, content);
  }
  upstream.rewrite(udeb, bytes);
  await upstream.publish();
}

describe.concurrent("with installer", () => {
  test("udebs and images of SHA256SUMS are downloaded, each content once", async () => {
    await using workspace = await createInstallerMirror();
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(requestsFor(workspace, /mini\.iso|vmlinuz|MANIFEST/)).toHaveLength(3);
    expect(
      await clientComplaints(workspace, "stable main/debian-installer", { install: ["disk-detect"] }),
    ).toEqual([]);
  });

  test("filters apply to udebs and sources, not to images", async () => {
    await using workspace = await createInstallerMirror();
    const suite = workspace.upstream.suite("stable");
    for (const version of ["1.9-1", "1.10-1"]) suite.addPackage("tool", version).addSource("tool", version);
    await workspace.upstream.publish();
    const filters = { keep_versions: 1, exclude_patterns: ["^disk-detect_1\\.0$", "images", "mini"] };
    workspace.configure({ mirrors: { debian: { installer: true, mirror_source: true, filters } } });
    await workspace.run(["sync"]);
    const left = [...(await treeOf(workspace)).keys()].filter((path) =>
      /^pool|\/(?:vmlinuz|mini.iso)$/.test(path),
    );
    const tool = "pool/main/t/tool/tool_1.10";
    expect(left.toSorted()).toEqual([
      ...["20230607", "current"].flatMap((version) =>
        ["cdrom/vmlinuz", "netboot/mini.iso"].map((name) => `${images}/${version}/images/${name}`),
      ),
      helloDeb,
      ...["-1.debian.tar.gz", "-1.dsc", "-1_amd64.deb", ".orig.tar.gz"].map((end) => `${tool}${end}`),
    ]);
  });

  test("switched off, none of it is requested", async () => {
    await using workspace = await createInstallerMirror();
    workspace.configure({ mirrors: { debian: {} } });
    await workspace.arrange(["sync"]);
    expect([...(await treeOf(workspace)).keys()].filter((path) => /installer|udeb/.test(path))).toEqual([]);
    expect(requestsFor(workspace, /installer|udeb/)).toEqual([]);
  });

  test("only changed files are downloaded again", async () => {
    await using workspace = await createInstallerMirror();
    await workspace.run(["sync"]);
    workspace.server.clearRequests();
    await publishInstaller(workspace, { ...usualImages, "./netboot/mini.iso": "another image" });
    const { stdout } = await workspace.run(["sync", "--json"]);
    expect(requestsFor(workspace, /images\/[^/]*\/[^/]*$|MANIFEST|udeb$/)).toEqual([
      expect.stringMatching(/netboot\/mini\.iso$/),
    ]);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ fetchedFiles: 1, fetchedBytes: "another image".length }),
    ]);
    for (const version of ["20230607", "current"])
      expect(bytesIn(workspace, `${images}/${version}/images/netboot/mini.iso`).toString()).toBe(
        "another image",
      );
  });

  test("a dry run names what it cannot count", async () => {
    await using workspace = await createInstallerMirror();
    const { stderr } = await workspace.run(["sync", "--dry-run"]);
    expect(stderr).toContain("WARN  not counted, because SHA256SUMS has no sizes: 6 installer images\n");
  });

  test.for([
    { name: "an image that is not there", harm: "remove", says: "mini.iso: 404 at http" },
    { name: "an image with other bytes", harm: "corrupt", says: "mini.iso: the sha256 digest is" },
  ] as const)("$name is a failure that names it", async ({ harm, says }) => {
    await using workspace = await createInstallerMirror();
    for (const version of ["20230607", "current"])
      workspace.upstream[harm](`${images}/${version}/images/netboot/mini.iso`);
    const log = await logOfFailedSync(workspace);
    expect(log).toContain(says);
    expect(log).toContain(`(listed in ${images}/current/images/SHA256SUMS)`);
  });

  test("a name that leads out of the directory of its list is an error", async () => {
    const sha256Sums = `${"1".repeat(64)}  ./../../../../InRelease\n`;
    await using workspace = await createInstallerMirror({ sha256Sums });
    const log = await logOfFailedSync(workspace);
    expect(log).toMatch(/images\/SHA256SUMS:1: unsafe path ".*": it has a "\.\." segment/);
  });

  test("a suite without it is a warning", async () => {
    await using workspace = await createStableMirror({ settings: { installer: true } });
    expect(await logOfSync(workspace)).toContain(
      "WARN  stable: Release lists neither udebs nor installer images\n",
    );
  });
});
