import type { Command } from "commander";
import { type Detail, type GateResult, refuses, type SnapshotTest } from "../../gates/index.ts";
import { exitStatus } from "../../report/errors.ts";
import { snapshotTestJson } from "../../report/json/answers.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { formatSeconds } from "../../report/units.ts";
import { testText, verdictText, verdictWords } from "../../report/words/gates/verdicts.ts";
import { shortList } from "../../report/words/short-list.ts";
import type { CommandHost } from "../command-host.ts";

export function addSnapshotTest(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("test")
    .description(
      "run the gates of a mirror on a snapshot, as promote does; exits with status 3 if it may not be promoted",
    )
    .argument("<id>", "mirror")
    .argument("[name]", "snapshot; unset: the staged one")
    .option("--again", "also run gates that passed before, although nothing has changed since")
    .action((id: string, name: string | undefined, flags: { again?: true }) =>
      runSession([id], async ({ run, print }) => {
        const test = await run.test(id, name, { again: flags.again === true });
        print(snapshotTestJson(test), (columns) => testReport(test, columns));
        return refuses(test.verdict) ? exitStatus.refused : exitStatus.done;
      }),
    );
}

/** A row for each gate, then what keeps the snapshot out. */
export const testReport = (test: SnapshotTest, columns: number | undefined): string =>
  tableOf(test, columns) + explanationOf(test);

function tableOf(test: SnapshotTest, columns: number | undefined): string {
  const rows = test.results.map((result) => {
    const { measured, allowed } = verdictText(result, testedOf(test));
    const verdict = verdictWords[result.verdict.kind];
    return [result.criterion.gate, verdict, measured, allowed, formatSeconds(result.seconds)];
  });
  const head = [
    "GATE",
    "VERDICT",
    { title: "MEASURED", cutTo: 20 },
    { title: "ALLOWED", cutTo: 12, importance: 2 },
    { title: "TIME", importance: 1 },
  ];
  return formatTable(head, rows, columns);
}

function explanationOf(test: SnapshotTest): string {
  const explained = test.results.filter(
    ({ verdict }) => refuses(verdict.kind) || ("details" in verdict && verdict.details.some(isNote)),
  );
  const parts = explained.map((result) =>
    linesOf(result, test)
      .map((line) => `${escapeControls(line)}\n`)
      .join(""),
  );
  return [...parts, `${testText(test.results)}\n`].map((part) => `\n${part}`).join("");
}

function linesOf(result: GateResult, test: SnapshotTest): readonly string[] {
  const { details, todo, measured, allowed } = verdictText(result, testedOf(test));
  const title = `${result.criterion.gate} ${verdictWords[result.verdict.kind]}: ${measured}, allowed: ${allowed}`;
  return [
    title,
    ...[...shortList(details), ...todo].flatMap((text) => text.split("\n")).map((line) => `  ${line}`),
  ];
}

/** Details that matter although the gate passed. */
const isNote = ({ kind }: Detail): boolean => kind === "uninstallable";

const testedOf = ({ mirror, snapshot }: SnapshotTest) => ({ mirror, name: snapshot });
