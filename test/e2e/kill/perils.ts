/** What befalls a command at its moment. */
import type { RunningCommand } from "../../support/index.ts";
import type { DiskWithoutPower } from "./disk-without-power.ts";

export interface Peril {
  readonly name: string;
  /** It takes what was written, but not flushed: also what a command wrote that has ended well. */
  readonly takesUnflushed: boolean;
  /** Gets ready for one command. */
  prepare(): Promise<Stroke>;
}

export interface Stroke extends AsyncDisposable {
  strike(command: RunningCommand): Promise<void>;
  /** Once the command has ended. */
  recover(): Promise<void>;
}

export const sigkill: Peril = {
  name: "killed",
  takesUnflushed: false,
  prepare: async () => ({
    strike: async (command) => command.kill("SIGKILL"),
    recover: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

export const powerCut = (disk: DiskWithoutPower): Peril => ({
  name: "cut off",
  takesUnflushed: true,
  async prepare() {
    const plug = await disk.plug();
    return {
      async strike(command) {
        await plug.cut();
        command.kill("SIGKILL"); // which by now can change nothing
      },
      recover: () => disk.restore(),
      [Symbol.asyncDispose]: () => plug[Symbol.asyncDispose](),
    };
  },
});
