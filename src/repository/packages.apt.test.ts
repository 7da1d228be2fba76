import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PackagesReader } from "./packages.ts";

const digest = (digit: string) => digit.repeat(64);

/** Stanzas in every layout that apt takes, each of a package of its own. */
const packages = [
  `\nPackage: a\nVersion: 1\nArchitecture: all\nFilename: pool/a.deb\nSize: 1\nSHA256: ${digest("a")}\n\n\n\n`,
  `package: b\nVERSION: 1\narchitecture: all\nfileNAME: pool/b.deb\nsize: 2\nsha256: ${digest("b")}\n\n`,
  `Package: c\r\nVersion: 1\r\nArchitecture: all\r\nFilename: pool/c.deb\r\nSize: 3\r\nSHA256: ${digest("c")}\r\n\r\n`,
  `Package: d\nVersion:  1 \nArchitecture:\tall\nFilename  :  pool/d.deb  \nSize:4\nSHA256 : ${digest("d")}\n\n`,
  `Package: e\nVersion: 1\nArchitecture: all\nFilename:\n pool/e.deb\nSize:\n 5\nSHA256:\n ${digest("e")}\n\n`,
  `Package: f\nVersion: 1\nArchitecture: all\nFilename: pool/x.deb\nFilename: pool/f.deb\nSize: 6\nSHA256: ${digest("f")}\n\n`,
  `Package: lost\nVersion: 2\n  \nPackage: g\nVersion: 1\nArchitecture: all\nFilename: pool/g.deb\nSize: 7\nSHA256: ${digest("1")}\n\n`,
  `Package: h\nVersion: 1\nArchitecture: all\nDescription: Ren\xe9\n a\0b\n Filename: no\nFilename: pool/h.deb\nSize: 8\nSHA256: ${digest("2")}\n\n`,
  `Package: i\nVersion: 1\nArchitecture: all\nFilename: pool/a_1..2+b~c%3ad.deb\nSize: 9\nSHA256: ${digest("3")}\n\n`,
].join("");

test("apt reads the same name, path, size and digest from every layout", async () => {
  await using apt = await flatRepository(packages);
  await apt.update();
  const reader = new PackagesReader("Packages", { allowWeak: false });
  const found = [...reader.push(Buffer.from(packages, "latin1")), ...reader.end()];
  const ours = found.map(({ file }) => `${file.path} ${file.sizeBytes} SHA256:${file.digests.sha256}`);
  const names = found.map(({ name }) => name);
  expect(names).toEqual(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
  expect(await apt.printUris(names)).toEqual(ours);
});

/** An apt of its own that knows one flat repository, this Packages, by a file: URL. */
async function flatRepository(text: string) {
  const dir = await mkdtemp(join(tmpdir(), "mirrorctl-apt-"));
  const root = join(dir, "apt");
  for (const part of [
    "etc/apt.conf.d",
    "etc/preferences.d",
    "state/lists/partial",
    "cache/archives/partial",
    "repo",
  ]) {
    await mkdir(join(root, part), { recursive: true });
  }
  await writeFile(join(root, "repo/Packages"), text, "latin1");
  await writeFile(join(root, "status"), "");
  await writeFile(join(root, "etc/sources.list"), `deb [trusted=yes] file:${root}/repo ./\n`);
  await writeFile(
    join(root, "apt.conf"),
    `Dir::Etc "${root}/etc"; Dir::State "${root}/state"; Dir::State::status "${root}/status"; Dir::Cache "${root}/cache";
    Dir::Log "${root}"; Dir::Bin::dpkg "/bin/true"; APT::Architecture "amd64"; APT::Architectures { "amd64"; };
    APT::Sandbox::User "root"; Acquire::Languages "none";`,
  );
  const apt = async (...args: string[]) => {
    const env = { PATH: "/usr/bin:/bin", LC_ALL: "C", APT_CONFIG: join(root, "apt.conf") };
    return (await promisify(execFile)("apt-get", args, { env, cwd: dir })).stdout;
  };
  return {
    update: () => apt("update"),
    /** `path size SHA256:digest` of each package; paths as a URL has them, decoded. */
    printUris: async (names: readonly string[]) =>
      (await apt("download", "--print-uris", ...names))
        .trimEnd()
        .split("\n")
        .map(
          (line) =>
            /^'file:[^']*\/repo\/(?:\.\/)?([^']*)' \S+ (\d+) (SHA256:\S+)$/.exec(line) ?? [line, line],
        )
        .map(([, path, ...rest]) => [decodeURIComponent(path ?? ""), ...rest].join(" ")),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}
