/**
 * Measures mirrorctl beside other tools and floors, and writes docs/performance.md: `make bench`. A run of another size
 * than the usual one only prints its tables.
 */
import { describeMachine, emptyPageCache } from "./machine.ts";
import { measureRow, type Result } from "./measure/measure-row.ts";
import type { Group } from "./measure/row.ts";
import { figuresText, keepFigures, keepReport, type Report } from "./report.ts";
import { groups } from "./rows/index.ts";
import { isFullSize, readSettings } from "./settings.ts";
import { Stage } from "./stage/stage.ts";

if (process.argv.includes("--page")) await keepFigures();
else await runBenchmarks();

async function runBenchmarks(): Promise<void> {
  const settings = readSettings(process.env);
  const selected = selectGroups(settings.rows);
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error(name)));
  emptyPageCache();
  await using stage = await Stage.open(settings, stop.signal);
  for (const group of selected) {
    const report = await measureGroup(group, stage);
    console.log(`\n${figuresText([report])}\n`);
    if (!isFullSize(settings)) continue;
    keepReport(report); // at once: the next group may take an hour
    await keepFigures();
  }
}

function selectGroups(names: readonly string[]): readonly Group[] {
  const known = groups.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`ROWS: no ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return names.length === 0 ? groups : groups.filter(({ name }) => names.includes(name));
}

async function measureGroup(group: Group, stage: Stage): Promise<Report> {
  const { packages, bytes, runs } = stage.settings;
  const rows: { work: string; results: readonly Result[] }[] = [];
  for await (const row of group.rows(stage)) {
    console.error(`${new Date().toISOString().slice(11, 19)} ${group.name}: ${row.work}`);
    rows.push({ work: row.work, results: await measureRow(row, runs, stage.runOptions) });
  }
  const at = new Date().toISOString().slice(0, 10);
  return { group: group.name, at, machine: describeMachine(), packages, bytes, rows };
}
