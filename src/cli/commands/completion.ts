import { Argument, type Command } from "commander";
import type { CommandHost } from "../command-host.ts";

const shells = ["bash", "zsh", "fish"] as const;

export function defineCompletion(command: Command, { run, wholeProgram }: CommandHost): void {
  command
    .addArgument(new Argument("<shell>", "for which shell").choices(shells))
    .action((shell: (typeof shells)[number]) =>
      run(async (host) => {
        const { completionScript } = await import("../completion/index.ts");
        host.stdout.write(completionScript(shell, await wholeProgram()));
      }),
    );
}
