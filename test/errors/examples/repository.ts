import { mkdirSync, writeFileSync } from "node:fs";
import { openRecordedTree, openTreeOnDisk } from "../../../src/contents/index.ts";
import { checkArMagic, TarReader } from "../../../src/deb/index.ts";
import { readDebChangelog } from "../../../src/operations/changelogs/read-deb.ts";
import { debFile } from "../../support/index.ts";
import { tar } from "../../support/tar-archive.ts";
import { afterSync, type Example, failedSync, Stage, type StageOptions } from "../stage.ts";

/** Syncs an upstream whose list of packages was changed before it was signed. */
const packagesChanged = (change: (text: string) => string): Example =>
  failedSync(undefined, {
    suite: { editIndex: (text, name) => (name.endsWith("Packages") ? change(text) : text) },
  });

/** Syncs an upstream that has its list of packages in this form alone. */
const onlyAs = (form: string, options: (stage: Stage) => StageOptions = () => ({})): Example =>
  failedSync(
    async (stage) => {
      const { upstream } = stage.bed;
      upstream.suite("stable").addFile(`main/binary-amd64/Packages.${form}`, form);
      await upstream.publish({ date: stage.now });
      upstream.remove("dists/stable/main/binary-amd64/Packages");
      stage.configure(options(stage));
    },
    { suite: { compressions: [] } },
  );

/** Returns the PATH of a directory whose xz cannot be started. */
function brokenXz({ bed }: Stage): string {
  const folder = bed.join("bin");
  mkdirSync(folder);
  writeFileSync(`${folder}/xz`, "#!/nonexistent/sh\n", { mode: 0o755 });
  return folder;
}

const ports = { signal: new AbortController().signal, decoderCommands: { xz: undefined, lz4: undefined } };
const changelog = "usr/share/doc/hello/changelog.Debian.gz";

async function slowDeb(): Promise<void> {
  await using stage = await Stage.open();
  const path = stage.bed.join("hello.deb");
  // A timer needs a turn of the event loop, and a small package is read in less than one.
  const files = { "usr/share/large": "\0".repeat(64 << 20) };
  const { bytes } = await debFile({ package: "hello", version: "1.0-1", architecture: "amd64", files });
  writeFileSync(path, bytes);
  const limits = { unpackedBytesMax: 2 ** 30, changelogBytesMax: 2 ** 20, timeoutMs: 0 };
  await readDebChangelog(path, "hello", ports, limits);
}

const readTar = async (files: Readonly<Record<string, string>>): Promise<void> => {
  const reader = new TarReader({ wants: () => true, contentBytesMax: 10 });
  reader.push(await tar(files));
};

export const repositoryExamples: Readonly<Record<string, Example>> = {
  "repository/STANZA_MALFORMED": packagesChanged((text) => `no field\n${text}`),
  "repository/STANZA_TOO_LARGE": packagesChanged((text) =>
    text.replace(/^Package: .*$/m, `$&\nX: ${"x".repeat(3 << 20)}`),
  ),
  "repository/FIELD_MISSING": packagesChanged((text) => text.replace(/^Filename: .*\n/m, "")),
  "repository/FIELD_MALFORMED": packagesChanged((text) => text.replace(/^Size: .*$/m, "Size: many")),
  "repository/DIGEST_MALFORMED": packagesChanged((text) => text.replace(/^SHA256: .*$/m, "SHA256: 12")),
  "repository/DIGEST_MISSING": packagesChanged((text) => text.replace(/^SHA(?:256|512): .*\n/gm, "")),
  "repository/PATH_UNSAFE": packagesChanged((text) =>
    text.replace(/^Filename: .*$/m, "Filename: ../../etc/passwd"),
  ),
  "repository/PATH_CONFLICT": packagesChanged((text) =>
    text.replace(/^Filename: .*$/m, "Filename: dists/stable/InRelease"),
  ),
  "repository/ARCHITECTURE_NOT_LISTED": failedSync(undefined, { mirror: { architectures: ["armhf"] } }),
  "repository/SECTION_NOT_LISTED": failedSync(undefined, { mirror: { sections: ["non-free"] } }),
  "repository/RELEASE_MISSING": afterSync((stage) =>
    stage.with(({ memory, signal, decoderCommands }) => {
      const facts = memory.read()?.facts;
      if (facts !== undefined)
        openRecordedTree(openTreeOnDisk("/nonexistent", { signal, decoderCommands }), facts);
    }),
  ),
  "repository/INDEX_UNREADABLE": onlyAs("lz4", () => ({ host: { env: { PATH: "/nonexistent" } } })),
  "repository/STREAM_DAMAGED": onlyAs("gz"),
  "repository/STREAM_TOO_LARGE": failedSync(undefined, {
    suite: {
      editRelease: (text) => text.replaceAll(/^( [0-9a-f]+ +)\d+( main\/binary-amd64\/Packages)$/gm, "$11$2"),
    },
  }),
  "repository/DECOMPRESSOR_FAILED": onlyAs("lzma", (stage) => ({ host: { env: { PATH: brokenXz(stage) } } })),
  "repository/DEB_MALFORMED": () => checkArMagic(Buffer.from("<html>")),
  "repository/DEB_UNSAFE": () => readTar({ "../../etc/passwd": "" }),
  "repository/DEB_TOO_LARGE": () => readTar({ [changelog]: "longer than ten bytes" }),
  "repository/DEB_TOO_SLOW": slowDeb,
};
