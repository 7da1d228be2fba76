/** The kernel reports a lost write once, and shows the bytes as if they were on the disk for as long as it has the memory. */
import { cpSync, realpathSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestbed, type FakeUpstream } from "../support/index.ts";
import { Site } from "../support/site.ts";
import { DiskReader, entriesOf, readOwnFiles } from "./disk-state.ts";
import { failFirst } from "./fail-first.ts";
import { coreutils } from "./faulty-fs.ts";

let stack: AsyncDisposableStack;
let upstream: FakeUpstream;
let template: Site;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const { server, keyFile, upstream: repository } = stack.use(await createTestbed({}));
  upstream = repository;
  upstream.suite("noble", { compressions: ["gz"], signatures: "inline" }).addPackage("hello", "1.0");
  await upstream.publish();
  template = stack.use(await Site.make({ url: server.url, keyFile }));
});
afterEach(async () => {
  coreutils.areMissing = false;
  await stack.disposeAsync();
});

interface Stored {
  readonly objects: readonly string[];
  readonly partials: readonly string[];
  readonly trees: readonly string[];
}

const below = (path: string): string[] =>
  new DiskReader()
    .pathsBelow(path)
    .map((file) => file.slice(path.length))
    .toSorted();

/** Names what a site keeps, shown or not. */
function storedBy(site: Site): Stored {
  const { layout } = site.mirror("noble");
  return {
    objects: below(layout.objects).filter((path) => !path.includes(".disowned")),
    partials: entriesOf(layout.partial),
    trees: entriesOf(layout.trees).filter((name) => name !== ".carried"), // records of trees
  };
}

const syncNoble = (site: Site): Promise<void> => site.sync("noble");
const nothing = { objects: [], partials: [], trees: [] };

describe.each([
  ["a flush of the file system", false, /^syncfs /],
  ["a flush of one file", true, /^fsync .*\/hello_1\.0_amd64\.deb$/],
])("%s that fails", (_, areMissing, kind) => {
  beforeEach(() => {
    coreutils.areMissing = areMissing;
  });

  test("leaves no file of a first sync that a later one would trust", async () => {
    const { site, error } = await failFirst(template, kind, syncNoble);
    stack.use(site);
    expect(error).toMatchObject({ code: "WRITE_LOST" });
    expect(storedBy(site)).toEqual(nothing);
    await site.sync("noble");
    expect(storedBy(site).objects).not.toEqual([]);
  });

  test("leaves no file of trees that are imported", async () => {
    await using source = await template.copy();
    await source.sync("noble");
    const past = template.directory.join("past");
    cpSync(realpathSync(`${source.dir}/noble/.live`), past, { recursive: true });
    const { site, error } = await failFirst(template, kind, (copy) => copy.importSnapshots("noble", past));
    stack.use(site);
    expect(error).toMatchObject({ code: "WRITE_LOST" });
    expect(storedBy(site)).toEqual(nothing);
  });
});

test("a flush that fails in a later sync leaves what was shown before, and no more", async () => {
  await template.sync("noble");
  const before = storedBy(template);
  const shown = readOwnFiles(`${template.dir}/noble/.live/`);
  upstream.suite("noble").addPackage("newer", "1.0");
  await upstream.publish();
  template.passHours(1);
  const { site, error } = await failFirst(template, /^syncfs /, syncNoble);
  stack.use(site);
  expect(error).toMatchObject({ code: "WRITE_LOST" });
  expect(storedBy(site)).toEqual(before);
  expect(readOwnFiles(`${site.dir}/noble/.live/`)).toEqual(shown);
});
