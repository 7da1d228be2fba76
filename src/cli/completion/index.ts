/**
 * The scripts with which shells complete command lines, made from the declarations of the commands. Commands, options and
 * choices are in the scripts; for the names of mirrors and snapshots these start `mirrorctl __complete` (src/complete.ts).
 */
import type { Command } from "commander";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { placesOf } from "./places.ts";
import { zshScript } from "./zsh.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Returns the script for a program whose commands are all defined. */
export const completionScript = (shell: keyof typeof scripts, program: Command): string =>
  scripts[shell](placesOf(program));
