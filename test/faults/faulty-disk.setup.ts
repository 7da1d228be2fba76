/** Replaces Node's disk modules by faulty-disk.ts, before anything of src/ is loaded. */
import type * as Fs from "node:fs";
import type * as Sqlite from "node:sqlite";
import { vi } from "vitest";

vi.mock("node:fs", async (importOriginal) => {
  const { faultyFs } = await import("./faulty-fs.ts");
  return faultyFs(await importOriginal<typeof Fs>());
});

vi.mock("node:sqlite", async (importOriginal) => {
  const { faultySqlite } = await import("./faulty-sqlite.ts");
  return faultySqlite(await importOriginal<typeof Sqlite>());
});

vi.mock("node:child_process", async (importOriginal) => {
  const { faultyFlush } = await import("./faulty-fs.ts");
  return { ...(await importOriginal<object>()), execFile: faultyFlush };
});
