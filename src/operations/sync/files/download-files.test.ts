import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../../test/support/index.ts";
import { plannedFiles } from "../../../plan/index.ts";
import { normalizePath } from "../../../repository/index.ts";
import { downloadFiles, linkHeldFiles } from "./download-files.ts";
import type { Downloaded } from "./downloads.ts";
import type { Intake } from "./intake.ts";

const sizeBytes = 1 << 30;
const digests = { sha256: "0".repeat(64) };
const file = {
  path: normalizePath("pool/large.deb"),
  sizeBytes,
  digests,
  source: "Packages",
  listed: digests,
};

const downloaded = async (): Promise<Downloaded> => ({ kind: "downloaded", sizeBytes });

/** Downloads large files into a tree, and says so: nothing comes. */
function downloadInto(root: string, files = [file], download = downloaded) {
  const ports = {
    downloads: { areUnderWay: () => false, download },
    upstream: { directory: undefined, requestsAtOnce: 1 },
    emit: () => undefined,
    signal: new AbortController().signal,
  };
  const missing = { files: plannedFiles(files), heldFiles: 0, stillLacked: new Map() };
  return downloadFiles(ports, { root } as Intake, missing);
}

test("a file is looked for in the store only if that has the directory of its object", async () => {
  const looked: string[] = [];
  const linkHeld = ({ path }: { readonly path: string }): boolean => looked.push(path) > 0;
  const files = ["0", "1"].map((digit) => {
    const listed = { sha256: digit.repeat(64) };
    return { ...file, path: normalizePath(`pool/${digit}.deb`), digests: listed, listed };
  });
  const unnamed = { ...file, path: normalizePath("pool/sha512.deb"), digests: { sha512: "0".repeat(128) } };
  const objects = { mayHold: () => (sha256: string) => sha256.startsWith("1") };
  const { signal } = new AbortController();
  const missing = await linkHeldFiles({ linkHeld }, objects, plannedFiles([...files, unnamed]), signal);
  expect(looked).toEqual(["pool/1.deb", "pool/sha512.deb"]);
  expect([...missing.files()].map(({ path }) => path)).toEqual(["pool/0.deb"]);
});

test("flushes the tree while it downloads, and fails if that fails", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  await expect(downloadInto(directory.path)).resolves.toMatchObject({ files: 1, sizeBytes });
  await expect(downloadInto(directory.join("none"))).rejects.toThrow("none");
});

/** The second download fails. */
function downloadTwo(tree: string) {
  let requests = 0;
  return downloadInto(tree, [file, file], async () => {
    requests++;
    if (requests === 2) throw new Error("no response");
    return await downloaded();
  });
}

test("waits for a flush, and reports its failure, also if a download fails", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  await expect(downloadTwo(directory.path)).rejects.toThrow("no response");
  await expect(downloadTwo(directory.join("none"))).rejects.toThrow("none");
});
