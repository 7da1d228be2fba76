import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptGetsSource, aptInstalls, aptTakesIndices, debootstraps, mmdebstraps } from "./clients.ts";
import { buildBase, buildDeb, buildHello, buildSource } from "./packages.ts";
import { tool } from "./tool.ts";

export const aptFtparchiveCases: readonly CompatibilityCase[] = [
  {
    title: "Debian's archive in small",
    madeBy: "apt-ftparchive",
    covers:
      "two components, binary-all, a foreign architecture, by-hash, gz and xz, Translation-en in bz2 and de, Contents, AppStream, command-not-found, sources",
    mirror: {
      suites: ["stable"],
      sections: ["main", "contrib"],
      architectures: ["amd64", "arm64"],
      mirror_source: true,
    },
    entry: "stable main contrib",
    foreignArchitectures: ["arm64"],
    sources: ["greeting"],
    uses: [
      aptInstalls("hello", "hello-extra", "libhello1:arm64"),
      aptTakesIndices(
        "main_i18n_Translation-en",
        "main_i18n_Translation-de",
        "main_Contents-amd64",
        "main_Contents-arm64",
        "main_dep11_Components-amd64.yml",
        "main_dep11_icons-48x48.tar",
        "main_cnf_Commands-amd64",
      ),
      aptGetsSource("greeting"),
      debootstraps("stable"),
      mmdebstraps("stable", "hello-data"),
    ],
    build: buildArchive,
  },
  {
    title: "a flat repository at its base",
    madeBy: "apt-ftparchive",
    covers:
      "suite ./, Filename that begins with ./, plain and gz indices, a translation named by its language",
    mirror: { suites: ["./"], sections: undefined, architectures: undefined, mirror_source: true },
    entry: "./",
    foreignArchitectures: ["arm64"],
    sources: ["greeting"],
    uses: [
      aptInstalls("hello", "hello-data", "libhello1:arm64"),
      aptTakesIndices("._en"),
      aptGetsSource("greeting"),
    ],
    build: buildFlat,
  },
];

async function buildArchive({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  await buildBase(join(dir, "pool/main"));
  await buildHello(join(dir, "pool/main/h"));
  await buildDeb(join(dir, "pool/contrib"), "hello-extra", "1.0-1", { fields: { Depends: "hello" } });
  await buildSource(join(dir, "pool/main/g"), "greeting", "3.0 (quilt)");
  const suite = join(dir, "dists/stable");
  for (const component of ["main", "contrib"]) {
    for (const part of ["binary-amd64", "binary-arm64", "binary-all", "source", "i18n", "dep11", "cnf"]) {
      await mkdir(join(suite, component, part), { recursive: true });
    }
  }
  await writeFile(join(workDir, "generate.conf"), generateConfiguration(dir, workDir));
  await tool("apt-ftparchive", ["generate", join(workDir, "generate.conf")]);
  await writeDesktopIndices(join(suite, "main"));
  await releaseSuite(suite, workDir, {
    Suite: "stable",
    Codename: "stable",
    Components: "main contrib",
    Architectures: "all amd64 arm64",
    "Acquire-By-Hash": "yes",
  });
  await gnupg.signRelease(suite);
  // As in Debian: Release lists the plain forms, which do not exist.
  const plain = ["Packages", "Sources", "Contents-*", "Translation-en"].flatMap((name) => [
    "-o",
    "-name",
    name,
  ]);
  const isPlain = ["(", ...plain.slice(1), ")", "!", "-name", "*.*", "!", "-path", "*/by-hash/*"];
  await tool("find", [suite, ...isPlain, "-delete"]);
}

const generateConfiguration = (dir: string, workDir: string): string => `
Dir { ArchiveDir "${dir}"; CacheDir "${workDir}"; };
TreeDefault { Directory "pool/$(SECTION)"; SrcDirectory "pool/$(SECTION)"; };
Default {
  LongDescription "false";
  Packages::Compress ". gzip xz"; Sources::Compress ". gzip xz"; Contents::Compress ". gzip";
  Translation::Compress ". bzip2";
};
Tree "dists/stable" { Sections "main contrib"; Architectures "all amd64 arm64 source"; };
`;

/** Indices that other programs of Debian and Ubuntu make; apt does not read their contents. */
async function writeDesktopIndices(component: string): Promise<void> {
  const indices = {
    "i18n/Translation-de": translation("de"),
    "dep11/Components-amd64.yml": "---\nFile: DEP-11\nVersion: '0.14'\nOrigin: stable-main\n",
    "dep11/icons-48x48.tar": "\0".repeat(10_240),
    "cnf/Commands-amd64": "suite: stable\ncomponent: main\narch: amd64\n\nname: hello\nversion: 1.0-1\n",
  };
  for (const [name, content] of Object.entries(indices)) await writeIndex(join(component, name), content);
}

const translation = (language: string): string =>
  `Package: hello\nDescription-md5: ${"0".repeat(32)}\nDescription-${language}: hello\n\n`;

async function buildFlat({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  await buildHello(dir);
  await buildSource(dir, "greeting", "3.0 (native)");
  await writeIndex(join(dir, "Packages"), await tool("apt-ftparchive", ["packages", "."], { cwd: dir }));
  await writeIndex(join(dir, "Sources"), await tool("apt-ftparchive", ["sources", "."], { cwd: dir }));
  await writeIndex(join(dir, "en"), translation("en"));
  await releaseSuite(dir, workDir, {});
  await gnupg.signRelease(dir);
}

/** Writes a file plain and as gz. */
export async function writeIndex(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content);
  await writeFile(`${file}.gz`, gzipSync(content));
}

/** Writes a Release for the files in `dir`, with these fields. */
export async function releaseSuite(
  dir: string,
  workDir: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const namespace = "APT::FTPArchive::Release";
  const patterns = ["Commands-*", "icons-*", "en", "en.*"];
  const options = [
    `APT::FTPArchive::DoByHash=${fields["Acquire-By-Hash"] === "yes"}`,
    ...Object.entries(fields).map(([name, value]) => `${namespace}::${name}=${value}`),
    ...patterns.map((pattern) => `${namespace}::Patterns::=${pattern}`),
  ];
  const args = [...options.flatMap((option) => ["-o", option]), "release", dir];
  const release = join(workDir, "Release"); // elsewhere first, because it would list itself
  await writeFile(release, await tool("apt-ftparchive", args));
  await rename(release, join(dir, "Release"));
}
