import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { readTree, temporaryDirectory } from "../../../test/support/index.ts";
import { pointLinkDurably, writeDurably } from "./durable-file.ts";

async function directoryForTest() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

describe("writeDurably", () => {
  test("writes the bytes with the mode, and leaves nothing else", async () => {
    const directory = await directoryForTest();
    writeDurably(directory.join("state"), "old", 0o644);
    writeDurably(directory.join("state"), Buffer.from("new"), 0o600);
    expect(readFileSync(directory.join("state"), "utf8")).toBe("new");
    expect(statSync(directory.join("state")).mode & 0o777).toBe(0o600);
    expect([...(await readTree(directory.path)).keys()]).toEqual(["state"]);
  });

  test("gives the name to a new file, so that a reader of the old one goes on", async () => {
    const directory = await directoryForTest();
    writeDurably(directory.join("state"), "old", 0o644);
    const { ino } = statSync(directory.join("state"));
    writeDurably(directory.join("state"), "new", 0o644);
    expect(statSync(directory.join("state")).ino).not.toBe(ino);
  });

  test("keeps the old file, and leaves no temporary one, if it fails half-way", async () => {
    const directory = await directoryForTest();
    mkdirSync(directory.join("state"));
    writeFileSync(directory.join("state/inside"), "precious");
    const before = await readTree(directory.path);
    // Written, and then the rename cannot be: a directory is in the way.
    expect(() => writeDurably(directory.join("state"), "new", 0o644)).toThrow("EISDIR");
    expect(await readTree(directory.path)).toEqual(before);
    expect(existsSync(directory.join(".state.next"))).toBe(false);
  });

  test("replaces the temporary file of a killed run, and follows no link there", async () => {
    const directory = await directoryForTest();
    writeFileSync(directory.join("victim"), "precious");
    symlinkSync("victim", directory.join(".state.next"));
    writeDurably(directory.join("state"), "new", 0o644);
    expect(readFileSync(directory.join("victim"), "utf8")).toBe("precious");
    expect(readFileSync(directory.join("state"), "utf8")).toBe("new");
    expect([...(await readTree(directory.path)).keys()]).toEqual(["state", "victim"]);
  });
});

describe("pointLinkDurably", () => {
  test("points a link, new or old, and leaves nothing else", async () => {
    const directory = await directoryForTest();
    pointLinkDurably(directory.join(".live"), "one");
    pointLinkDurably(directory.join(".live"), "two");
    expect(await readTree(directory.path)).toEqual(new Map([[".live", "-> two"]]));
  });

  test("keeps the old link, and leaves no temporary one, if it fails half-way", async () => {
    const directory = await directoryForTest();
    mkdirSync(directory.join("current"));
    mkdirSync(directory.join("current/inside"));
    expect(() => pointLinkDurably(directory.join("current"), "new")).toThrow("EISDIR");
    expect(statSync(directory.join("current/inside")).isDirectory()).toBe(true);
    expect(await readTree(directory.path)).toEqual(new Map());
  });

  test("has different temporary names for a link and one with a dot before it", async () => {
    const directory = await directoryForTest();
    pointLinkDurably(directory.join("live"), "one");
    pointLinkDurably(directory.join(".live"), "two");
    expect(readlinkSync(directory.join("live"))).toBe("one");
  });
});
