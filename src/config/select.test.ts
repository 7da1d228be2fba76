import { describe, expect, test } from "vitest";
import { load, withMirror } from "./inspect.fixture.ts";
import { findMirror, selectMirrors } from "./select.ts";

const flat = (id: string) => `[mirrors.${id}]\nurl = "http://example.org/"\nsuites = ["/"]\n`;
const threeMirrors = `dir = "/srv/apt"\n${flat("zulu")}${flat("alpha")}${flat("ubuntu-noble")}`;

describe("selectMirrors", () => {
  test.each([
    [[], ["zulu", "alpha", "ubuntu-noble"]],
    [["alpha"], ["alpha"]],
    [
      ["ubuntu-noble", "zulu", "ubuntu-noble"],
      ["ubuntu-noble", "zulu"],
    ],
  ])("asked for %j, returns %j", async (ids, expected) => {
    const mirrors = selectMirrors(await load(threeMirrors), ids);
    expect(mirrors.map((mirror) => mirror.id)).toEqual(expected);
  });

  test("refuses an unknown id, and names the nearest and all others", async () => {
    const config = await load(threeMirrors);
    expect(() => selectMirrors(config, ["alpha", "ubuntu-nobel"])).toThrow(
      expect.objectContaining({
        code: "MIRROR_UNKNOWN",
        message: '/etc/mirrorctl/mirror.toml has no mirror "ubuntu-nobel" (did you mean ubuntu-noble?)',
        hint: "Its mirrors are: zulu, alpha, ubuntu-noble.",
      }),
    );
  });

  test("refuses a file without mirrors", async () => {
    const config = await load('dir = "/srv/apt"');
    expect(() => selectMirrors(config, [])).toThrow(expect.objectContaining({ code: "MIRRORS_MISSING" }));
  });
});

test("findMirror suggests nothing if no id is near", async () => {
  const config = await load(withMirror());
  expect(() => findMirror(config, "fedora")).toThrow(/has no mirror "fedora"$/);
  expect(findMirror(config, "m").id).toBe("m");
});
