import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "../../support/index.ts";
import { tool } from "./tool.ts";

export interface BinaryOptions {
  /** Default: amd64. */
  readonly architecture?: string;
  /** Default: optional. */
  readonly priority?: string;
  /** More control fields, or replacements of the usual ones. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Name of the file. Default: the usual one. */
  readonly fileName?: string;
}

/** Builds a package with dpkg-deb. */
export async function buildDeb(
  dir: string,
  name: string,
  version: string,
  { architecture = "amd64", priority = "optional", fields = {}, fileName }: BinaryOptions = {},
): Promise<void> {
  await using tree = await temporaryDirectory();
  const control = {
    Package: name,
    Version: version,
    Architecture: architecture,
    Maintainer: "Test Archive <archive@example.org>",
    Section: "misc",
    Priority: priority,
    Description: `the ${name} of the tests\n Its long description, which Translation-en may hold instead.`,
    ...fields,
  };
  const text = Object.entries(control).map(([field, value]) => `${field}: ${value}\n`);
  await writeTree(tree.join("root"), {
    "DEBIAN/control": text.join(""),
    [`usr/share/doc/${name}/README`]: `${name} ${version} ${architecture}\n`,
  });
  await mkdir(dir, { recursive: true });
  const file = join(dir, fileName ?? `${name}_${version.replace(/^\d+:/, "")}_${architecture}.deb`);
  await tool("dpkg-deb", ["--root-owner-group", "--build", tree.join("root"), file]);
}

/** The packages that debootstrap and mmdebstrap need besides those of a test. */
export async function buildBase(dir: string): Promise<void> {
  await buildDeb(dir, "base-files", "12", { priority: "required" });
  await buildDeb(dir, "apt", "2.6", { priority: "important" });
}

/** hello with a library, in two architectures, and a package for all architectures. */
export async function buildHello(dir: string): Promise<void> {
  for (const architecture of ["amd64", "arm64"]) {
    await buildDeb(dir, "libhello1", "1.0-1", { architecture, fields: { "Multi-Arch": "same" } });
    await buildDeb(dir, "hello", "1:1.0-1", { architecture, fields: { Depends: "libhello1, hello-data" } });
  }
  await buildDeb(dir, "hello-data", "1.0-1", { architecture: "all" });
}

export type SourceFormat = "3.0 (native)" | "3.0 (quilt)" | "1.0";

/**
 * Builds a source package with dpkg-source. In format 3.0 (quilt) it has two upstream tarballs and a signature of the
 * first, in 1.0 a .diff.gz.
 */
export async function buildSource(dir: string, name: string, format: SourceFormat): Promise<void> {
  await using work = await temporaryDirectory();
  const root = work.join(`${name}-1.0`);
  const version = format === "3.0 (native)" ? "1.0" : "1.0-1";
  await writeTree(root, { README: `${name}\n` });
  const tar = (tarball: string, member: string) =>
    tool("tar", ["-C", work.path, "-czf", work.join(tarball), member]);
  if (format !== "3.0 (native)") await tar(`${name}_1.0.orig.tar.gz`, `${name}-1.0`);
  if (format === "3.0 (quilt)") {
    await writeTree(work.join("extra"), { README: "a component\n" });
    await tar(`${name}_1.0.orig-extra.tar.gz`, "extra");
    await writeTree(join(root, "extra"), { README: "a component\n" });
    await writeFile(work.join(`${name}_1.0.orig.tar.gz.asc`), "-----BEGIN PGP SIGNATURE-----\n");
  }
  await writeTree(root, debianDirectory(name, version, format));
  await tool("dpkg-source", ["--build", root], { cwd: work.path });
  await mkdir(dir, { recursive: true });
  const files = (
    await tool("find", [work.path, "-maxdepth", "1", "-type", "f", "-printf", "%f\n"])
  ).toString();
  for (const file of files.trimEnd().split("\n")) await copyFile(work.join(file), join(dir, file));
}

const debianDirectory = (name: string, version: string, format: SourceFormat) => ({
  "debian/source/format": `${format}\n`,
  "debian/control": `Source: ${name}
Section: misc
Priority: optional
Maintainer: Test Archive <archive@example.org>

Package: ${name}
Architecture: any
Description: the ${name} of the tests
`,
  "debian/changelog": `${name} (${version}) unstable; urgency=low

  * Test.

 -- Test Archive <archive@example.org>  Wed, 01 Jan 2020 00:00:00 +0000
`,
});

async function writeTree(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    await writeFile(join(root, path), content);
  }
}
