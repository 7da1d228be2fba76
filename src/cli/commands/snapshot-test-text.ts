import { type Detail, type GateResult, refuses, type SnapshotTest } from "../../gates/index.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { formatSeconds } from "../../report/units.ts";
import { testText, verdictText, verdictWords } from "../../report/words/gates/verdicts.ts";
import { shortList } from "../../report/words/short-list.ts";

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
