/** The ways in which a running command is interrupted. */
import type { RunningCommand } from "../../support/index.ts";
import type { PowerCutDisk } from "./power-cut-disk.ts";

export interface Interruption {
  readonly name: string;
  /** True if data that was not flushed is lost, including what a command wrote that had already ended. */
  readonly losesUnflushed: boolean;
  /** Gets ready to interrupt one command. */
  prepare(): Promise<PreparedInterruption>;
}

export interface PreparedInterruption extends AsyncDisposable {
  interrupt(command: RunningCommand): Promise<void>;
  /** Call it once the command has ended. */
  recover(): Promise<void>;
}

export const sigkill: Interruption = {
  name: "killed",
  losesUnflushed: false,
  prepare: async () => ({
    interrupt: async (command) => command.kill("SIGKILL"),
    recover: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

export const powerCut = (disk: PowerCutDisk): Interruption => ({
  name: "power cut",
  losesUnflushed: true,
  async prepare() {
    const preparedCut = await disk.prepareCut();
    return {
      async interrupt(command) {
        await preparedCut.cut();
        command.kill("SIGKILL"); // it can no longer change anything
      },
      recover: () => disk.restore(),
      [Symbol.asyncDispose]: () => preparedCut[Symbol.asyncDispose](),
    };
  },
});
