import type { Command } from "commander";
import type { CommandHost } from "../command-host.ts";

export function addCheck(program: Command, { runSession }: CommandHost): void {
  const check = program.command("check").description("look for mistakes before they cost anything");
  check
    .command("config")
    .description("check the configuration: everything that can be known without the network")
    .action(
      runSession(async (session) => {
        const { checkConfig } = await import("../../operations/check-config.ts");
        const findings = await checkConfig(session.mirrors([]), session.app.config.path);
        session.print(findings, () => findingsText(findings));
        return findings.problems.length === 0 ? 0 : 2;
      }),
    );
}

function findingsText({
  problems,
  remarks,
}: {
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}): string {
  const lines = [
    ...remarks.map((remark) => `note: ${remark}`),
    ...problems.map((problem) => `problem: ${problem}`),
    ...(problems.length === 0 ? ["the toml configuration file passes validation checks"] : []),
  ];
  return `${lines.join("\n")}\n`;
}
