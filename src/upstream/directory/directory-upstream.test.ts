/** A directory that a stranger filled, read in place of a server. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import type { DownloadRequest, DownloadResult } from "../requests/request.ts";
import { MemorySink } from "../test-support.ts";
import { createDirectoryUpstream } from "./directory-upstream.ts";

const { signal } = new AbortController();

interface Asked {
  readonly result: DownloadResult;
  readonly sink: MemorySink;
}

async function openDirectory() {
  const directory = await temporaryDirectory();
  const root = directory.join("disk");
  mkdirSync(root);
  return {
    root,
    outside: directory.join("secret"),
    put(path: string, text: string): void {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    async ask(path: string, request: Partial<DownloadRequest> = {}): Promise<Asked> {
      const sink = new MemorySink();
      const upstream = createDirectoryUpstream(root);
      const result = await upstream.download({ path, sink, bytesMax: 100, ...request }, signal);
      return { result, sink };
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

const refusal = ({ result }: Asked): string => (result.kind === "refused" ? result.why.message : result.kind);

describe("a directory in place of an upstream", () => {
  test("serves a file whose path is encoded", async () => {
    await using disk = await openDirectory();
    disk.put("pool/a+b~1_%3a.deb", "bytes");
    const { result, sink } = await disk.ask("pool/a%2Bb%7E1_%253a.deb", { sizeBytes: 5 });
    expect(sink.text).toBe("bytes");
    expect(result).toMatchObject({ kind: "accepted", validators: { from: disk.root } });
  });

  test("starts a file from its beginning, whatever was kept of it", async () => {
    await using disk = await openDirectory();
    disk.put("pool/x.deb", "0123456789");
    const sink = new MemorySink("98765");
    const upstream = createDirectoryUpstream(disk.root);
    await upstream.download({ path: "pool/x.deb", sink, sizeBytes: 10, bytesMax: 10 }, signal);
    expect(sink).toMatchObject({ text: "0123456789", begins: [0] });
  });

  test("says that a file is absent", async () => {
    await using disk = await openDirectory();
    disk.put("pool", "a file");
    for (const path of ["dists/stable/InRelease", "pool/x.deb"])
      expect((await disk.ask(path)).result).toEqual({
        kind: "absent",
        status: undefined,
        url: `${disk.root}/${path}`,
      });
  });

  test("returns why the caller does not accept a file", async () => {
    await using disk = await openDirectory();
    disk.put("x.deb", "bytes");
    const { result } = await disk.ask("missing");
    const why = new (await import("../errors.ts")).UpstreamError("TRUNCATED", "not these");
    expect(result.kind).toBe("absent");
    expect(refusal(await disk.ask("x.deb", { accept: () => Promise.resolve(why) }))).toBe("not these");
  });

  test("reads no byte of a file of another size", async () => {
    await using disk = await openDirectory();
    disk.put("x.deb", "bytes");
    truncateSync(join(disk.root, "x.deb"), 5_000_000_000_000); // a sparse file
    const listed = await disk.ask("x.deb", { sizeBytes: 5 });
    expect(refusal(listed)).toContain("has 5000000000000 bytes, expected 5");
    const unlisted = await disk.ask("x.deb");
    expect(refusal(unlisted)).toContain("expected at most 100");
    expect([listed.sink.begins, unlisted.sink.begins]).toEqual([[], []]);
  });

  test("follows a link inside, and none that leads out", async () => {
    await using disk = await openDirectory();
    disk.put("dists/trixie/InRelease", "signed");
    writeFileSync(disk.outside, "secret");
    symlinkSync("trixie", join(disk.root, "dists/stable"));
    symlinkSync(disk.outside, join(disk.root, "dists/trixie/Release"));
    symlinkSync("..", join(disk.root, "up"));
    symlinkSync("loop", join(disk.root, "loop"));
    expect((await disk.ask("dists/stable/InRelease")).sink.text).toBe("signed");
    for (const path of ["dists/trixie/Release", "up/secret", "%2E%2E/secret"]) {
      const asked = await disk.ask(path);
      expect(refusal(asked)).toContain("leads out of");
      expect(asked.sink.begins).toEqual([]);
    }
    expect(refusal(await disk.ask("loop"))).toContain("cannot be read");
  });

  test("waits for no pipe, and takes no directory for a file", async () => {
    await using disk = await openDirectory();
    disk.put("pool/x.deb", "bytes");
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(disk.root, "pipe")]);
    expect(refusal(await disk.ask("pipe"))).toContain("is not a file");
    expect(refusal(await disk.ask("pool"))).toContain("is not a file");
  });

  test("is refused if it is missing or a file", async () => {
    await using disk = await openDirectory();
    disk.put("file", "");
    expect(() => createDirectoryUpstream(join(disk.root, "gone"))).toThrow("does not exist");
    expect(() => createDirectoryUpstream(join(disk.root, "file"))).toThrow("is not a directory");
  });
});
