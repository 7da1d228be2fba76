import { ConfigError } from "../config/index.ts";
import { readConfigFiles } from "../config-files.ts";
import type { InitReport, InitRequest } from "../operations/init/index.ts";
import { invokerFiles } from "../platform/invoker-files.ts";
import { ifAllowed, statIfAny } from "../platform/look.ts";
import { debianArchitecture } from "../platform/machine/architecture.ts";
import type { Machine } from "../platform/machine/host.ts";

/** What to write; without architectures, for that of this machine. Without a directory, at the usual place. */
export type InitOptions = Omit<InitRequest, "dir" | "existing"> & { readonly dir: string | undefined };

/** Where the Debian package has mirrors. Only root may write there. */
const packagedDir = "/var/lib/mirrorctl";

/** Writes a configuration, or adds to one. It need not be valid before, so that there may be no app of it. */
export async function initConfig(options: InitOptions, { uid, homeDir }: Machine): Promise<InitReport> {
  const { initConfig: init } = await import("../operations/init/index.ts");
  const architectures =
    options.architectures.length > 0 ? options.architectures : [debianArchitecture() ?? "amd64"];
  const dir = options.dir ?? (uid === 0 ? packagedDir : `${homeDir}/mirrorctl`);
  return await init(
    { ...options, architectures, dir, existing: existingAt(options) },
    { files: invokerFiles, homeDir },
  );
}

function existingAt({ path, dir }: InitOptions): InitRequest["existing"] {
  if (ifAllowed(() => statIfAny(path)) === undefined) return undefined;
  if (dir === undefined) return readConfigFiles(path, "Name another with --config.");
  throw new ConfigError("VALUE_INVALID", `--dir is for a new configuration, and ${path} exists`, {
    facts: { path },
    hint: "Without --dir, the mirrors are added to it, in a file of conf.d. Or name another file with --config.",
  });
}
