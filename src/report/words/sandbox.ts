import { shellWord } from "./shell.ts";

/** The sandbox of a service of systemd, in which mirrorctl runs. */
export interface Sandbox {
  readonly unit: string;
  readonly user: string;
  /** What mirrorctl has to write and the unit does not allow by itself. At least one. */
  readonly directories: readonly string[];
  /** Those, or one directory above all of them. */
  readonly paths: readonly string[];
}

/** Says how to let a unit write these paths, line for line. */
export function sandboxHint({ unit, user, directories, paths }: Sandbox): string {
  const written = paths.map(quotedForUnit).join(" ");
  const create = `install -d -o ${shellWord(user)} ${directories.map(shellWord).join(" ")}`;
  return [
    `systemd lets ${unit} write only what the unit names. Run "systemctl edit ${unit}" and add these lines:`,
    "[Unit]",
    `RequiresMountsFor=${written}`,
    "[Service]",
    `ReadWritePaths=${written}`,
    `They are kept in /etc/systemd/system/${unit}.d/override.conf. The directories must exist: ${create}`,
    "If they are there already, the file system is mounted read-only. Linux does that after an error of the disk: see dmesg.",
  ].join("\n");
}

/** Quotes a path where a unit needs that, see systemd.syntax(7); a percent sign would begin a specifier. */
function quotedForUnit(path: string): string {
  const text = path.replaceAll("%", "%%");
  return /^[^\s"'\\;]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
