import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { configurationPage } from "../../scripts/docs-configuration.ts";
import { load } from "./inspect.fixture.ts";
import type { Table } from "./options/option.ts";
import { configTable } from "./options/options.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

describe("docs/configuration.md", () => {
  test("is what scripts/docs-configuration.ts writes", async () => {
    const page = configurationPage(await read("examples/mirror.toml"));
    expect(await read("docs/configuration.md")).toBe(page);
  });

  test("describes every key, and every variable", async () => {
    const page = await read("docs/configuration.md");
    for (const option of optionsOf(configTable)) {
      expect(page).toContain(`| \`${option.key}\` |`);
      expect(page).toContain(option.env ?? option.key);
    }
  });

  test("ends with an example that loads", async () => {
    const page = await read("docs/configuration.md");
    const example = /```toml\n(.*)```\n$/s.exec(page)?.[1] ?? "";
    expect((await load(example)).mirrors).toHaveLength(5);
  });
});

function optionsOf(table: Table): { key: string; env: string | undefined }[] {
  return Object.entries(table.entries).flatMap(([key, entry]) => {
    if (entry.kind === "option") return [{ key, env: entry.env }];
    return optionsOf(entry.kind === "table" ? entry : entry.table);
  });
}
