import { dirname } from "node:path";
import * as v from "valibot";
import type { MirrorLayout } from "../layout.ts";
import { makeDirectory } from "../platform/files.ts";
import { writeDurably } from "../platform/flushing/durable-file.ts";
import { ifAllowed, readBytesIfAny } from "../platform/look.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";

const packages = v.array(v.object({ name: v.string(), version: v.string() }));

const foundInstallable = v.object({
  /** How many packages were checked. */
  checked: v.number(),
  uninstallable: packages,
  /** Those for which the search took too long. */
  undetermined: packages,
});

/** What machines of one kind cannot install from some packages. */
export type FoundInstallable = v.InferOutput<typeof foundInstallable>;

const kept = v.object({
  format: v.literal(1),
  /** Those that were kept last come last. */
  results: v.array(v.object({ key: v.string(), found: foundInstallable })),
});

/** Two trees, for a few architectures with and without variants. */
const resultsMax = 24;

/** What was found about the installability of the packages of a mirror. Can be found again: it only saves time. */
export interface InstallabilityMemory {
  /** `key` names everything that the result depends on. Undefined also if this user may not read the state. */
  find(key: string): FoundInstallable | undefined;
  /** For a caller that holds the lock of snapshots. Forgets what was kept long ago. */
  keep(key: string, found: FoundInstallable): void;
}

export function openInstallabilityMemory({
  installability: path,
}: Pick<MirrorLayout, "installability">): InstallabilityMemory {
  const read = () => {
    const text = ifAllowed(() => readBytesIfAny(path))?.toString("utf8");
    const parsed = v.safeParse(kept, parseJsonIfAny(text));
    return parsed.success ? parsed.output.results : [];
  };
  return {
    find: (key) => read().find((one) => one.key === key)?.found,
    keep(key, found) {
      const others = read().filter((one) => one.key !== key);
      const results = [...others, { key, found }].slice(-resultsMax);
      makeDirectory(dirname(path), 0o700);
      writeDurably(path, `${JSON.stringify({ format: 1, results })}\n`, 0o600);
    },
  };
}
