import type { Command } from "commander";
import type { TreeReport } from "../../operations/verify/index.ts";
import { exitStatus, statusOfFailures } from "../../report/errors.ts";
import { verifyJson } from "../../report/json/answers.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { formatBytes } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";

interface VerifyFlags {
  readonly deep?: true;
  readonly allDigests?: true;
  readonly repair?: true;
}

export function defineSnapshotVerify(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("[name]", "snapshot; unset: the working mirror and all snapshots, newest first")
    .option(
      "--deep",
      "read every file and check the digest that decides: SHA-256, or SHA-512 if only that is listed",
    )
    .option(
      "--all-digests",
      "as --deep, and report every other listed digest that differs: an error of the upstream, not damage",
    )
    .option("--repair", "download damaged files again, and repair every tree that shares them")
    .action((id: string, name: string | undefined, flags: VerifyFlags) =>
      runSession([id], async ({ run, log, print }) => {
        const options = {
          name,
          deep: flags.deep === true,
          allDigests: flags.allDigests === true,
          repair: flags.repair === true,
        };
        const { trees, refusal } = await run.snapshots.verify(id, options);
        print(verifyJson(trees), (columns) => verifiedTable(trees, columns));
        if (refusal !== undefined) {
          log.error(refusal);
          return statusOfFailures([refusal]);
        }
        return trees.some(({ result }) => result === "damaged") ? exitStatus.failed : exitStatus.done;
      }),
    );
}

function verifiedTable(trees: readonly TreeReport[], columns: number | undefined): string {
  const rows = trees.map(({ mirror, name, result, files, readBytes, damages, faults }) => {
    const repaired = damages.filter((damage) => damage.repaired).length;
    const damaged = damages.length - repaired + faults.length;
    return [mirror, name, result, String(files), formatBytes(readBytes), String(damaged), String(repaired)];
  });
  const head = [
    "MIRROR",
    "SNAPSHOT NAME",
    "RESULT",
    { title: "FILES", importance: 2 },
    { title: "READ", importance: 1 },
    "DAMAGED",
    "REPAIRED",
  ];
  return formatTable(head, rows, columns);
}
