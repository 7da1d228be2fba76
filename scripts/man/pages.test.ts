import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { manualPages } from "./pages.ts";

const pages = await manualPages({ date: "2026-11-30", source: "mirrorctl 0.1.0" });

/** Returns what a reader sees, and what groff warns of. */
function format(page: string): { readonly text: string; readonly warnings: string } {
  const { stdout, stderr } = spawnSync("groff", ["-man", "-Tascii", "-P-c", "-P-b", "-P-u", "-ww"], {
    input: page,
    encoding: "utf8",
  });
  return { text: stdout, warnings: stderr };
}

test("every command and group has a page, and so has the configuration", () => {
  expect([...pages.keys()]).toEqual(
    expect.arrayContaining([
      "mirrorctl.1",
      "mirrorctl-snapshot.1",
      "mirrorctl-snapshot-promote.1",
      "mirror.toml.5",
    ]),
  );
});

test.each([...pages])("%s has no faults", (_name, page) => {
  expect(format(page).warnings).toBe("");
});

test("options and their meaning are shown as in the help", () => {
  const { text } = format(pages.get("mirrorctl-snapshot-list.1") ?? "");
  expect(text).toMatch(/--detailed\n\s+Count files, packages/);
});

test("backslashes, dots and quotes of a pattern reach the reader", () => {
  const { text } = format(pages.get("mirror.toml.5") ?? "");
  expect(text).toContain('exclude_patterns = ["^grafana-.*-beta", "_[0-9.]+~(rc|beta)"]');
});
