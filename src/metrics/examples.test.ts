import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/temporary-directory.ts";
import { everyFact } from "./every-fact.fixture.ts";
import { metricsOf } from "./index.ts";

const examples = join(import.meta.dirname, "../../examples");
const names = new Set(
  metricsOf({ version: "", commit: "" }, [everyFact]).map(({ name }) => `mirrorctl_${name}`),
);

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}

const dashboard = JSON.parse(readFileSync(join(examples, "grafana/mirrorctl.json"), "utf8")) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Returns what promtool complains of. */
function promtool(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}

test("the alerts are valid rules, and fire when they should", () => {
  expect(promtool(["check", "rules", join(examples, "prometheus/alerts.yml")])).toBe("");
  expect(promtool(["test", "rules", join(examples, "prometheus/alerts.test.yml")])).toBe("");
});

test("the expressions of the dashboard are valid", async () => {
  await using directory = await temporaryDirectory();
  expect(expressions.length).toBeGreaterThan(10);
  const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
  const file = directory.join("panels.json");
  writeFileSync(file, JSON.stringify({ groups: [{ name: "panels", rules }] }));
  expect(promtool(["check", "rules", file])).toBe("");
});

test("alerts and dashboard use metrics that exist, and each of them", () => {
  const alerts = readFileSync(join(examples, "prometheus/alerts.yml"), "utf8");
  const queries = dashboard.templating.list.map(({ query }) => query);
  const text = [...expressions, ...queries, ...(alerts.match(/expr: .*/g) ?? [])].join("\n");
  const used = new Set(text.match(/\bmirrorctl_\w+/g));
  expect([...used].filter((name) => !names.has(name))).toEqual([]);
  const unused = [...names].filter((name) => !used.has(name));
  expect(unused).toEqual([
    "mirrorctl_sync_timestamp_seconds",
    "mirrorctl_sync_downloaded_files",
    "mirrorctl_release_timestamp_seconds",
  ]);
});
