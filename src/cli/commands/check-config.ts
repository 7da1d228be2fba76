import type { Command } from "commander";
import type { ConfigReport, MirrorSummary } from "../../operations/check-config/index.ts";
import { checkConfigJson } from "../../report/json/answers.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { countOf } from "../../report/units.ts";
import { remarkText } from "../../report/words/config-remarks.ts";
import type { CommandHost } from "../command-host.ts";
import type { GlobalFlags } from "../flags.ts";
import { nextLine } from "../next-step.ts";

export function defineCheckConfig(command: Command, { run }: CommandHost): void {
  command.action(() =>
    run(async (host, flags) => {
      const { inspect, printer } = await import("../session.ts");
      const report = await inspect(host, flags);
      printer(host, flags)(
        checkConfigJson(report),
        (columns) => reportText(report, columns) + nextText(flags, report),
      );
      return report.problems.length === 0 ? 0 : 2;
    }),
  );
}

/** Only for mirrors that have nothing yet: everybody else checks a change. */
function nextText(flags: GlobalFlags, { problems, mirrors }: ConfigReport): string {
  const waiting = mirrors.filter(({ synced }) => !synced).map(({ id }) => id);
  if (problems.length > 0 || waiting.length === 0) return "";
  return nextLine(flags, "sync", ...(waiting.length === mirrors.length ? [] : waiting));
}

function reportText(report: ConfigReport, columns: number | undefined): string {
  const remarks = report.remarks.map((remark) => `note: ${escapeControls(remarkText(remark))}\n`).join("");
  const problems = report.problems.map(({ message }) => `problem: ${escapeControls(message)}\n`).join("");
  const end = report.problems.length === 0 ? approval(report, columns) : filesText(report);
  return `${remarks}${problems}${end}`;
}

/** A file that was not read may be the problem. The lines of problems name a single file. */
const filesText = ({ files }: ConfigReport): string =>
  files.length === 1 ? "" : `the files that were read: ${files.join(", ")}\n`;

const approval = ({ files, dir, mirrors }: ConfigReport, columns: number | undefined): string =>
  [
    "the toml configuration file passes validation checks\n",
    `${files.join(", ")} ${files.length === 1 ? "has" : "have"} ${countOf(mirrors.length, "mirror")} in ${dir ?? ""}:\n`,
    formatTable(head, mirrors.map(rowOf), columns),
  ].join("");

const head = ["MIRROR", { title: "UPSTREAM", cutTo: 20 }, { title: "SUITES", cutTo: 12 }, "SNAPSHOTS"];

const rowOf = ({
  id,
  urls,
  suites,
  snapshotEachSync,
  publishToStaging,
}: MirrorSummary): readonly string[] => [
  id,
  urls.join(" "),
  suites.join(" "),
  snapshotEachSync ? `each sync${publishToStaging ? ", staged" : ""}` : "-",
];
