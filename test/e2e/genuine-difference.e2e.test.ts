/** Changes a copy of Debian's own Packages, which the machine's apt fetched and verified, and finds these changes. */
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  binaryFields,
  type ChangeKind,
  combineChanges,
  IndexComparison,
  type PackageBuild,
  readBinaryBuild,
  sourceOf,
} from "../../src/changes/index.ts";
import { StanzaReader } from "../../src/repository/index.ts";
import { machineIndices, readList } from "../support/index.ts";

interface Edit {
  readonly kind: ChangeKind;
  readonly after: (build: PackageBuild) => readonly PackageBuild[];
}

const edits: readonly Edit[] = [
  { kind: "removed", after: () => [] },
  {
    kind: "upgraded",
    after: (build) => [{ ...newer(build, "+really1"), sourceField: sourceOf(build).name }],
  },
  { kind: "downgraded", after: (build) => [newer(build, "~")] },
  { kind: "rebuilt", after: (build) => [{ ...newer(build, "+b99"), sourceField: sourceFieldOf(build) }] },
  { kind: "changed-bytes", after: (build) => [{ ...build, digest: "another" }] },
  { kind: "added", after: (build) => [build, { ...build, name: `${build.name}-new` }] },
  { kind: "version-added", after: (build) => [build, newer(build, "~~")] },
];

const newer = (build: PackageBuild, suffix: string): PackageBuild => ({
  ...build,
  version: build.version + suffix,
  digest: build.digest + suffix,
});

/** As a rebuild has it, which names the version of its source. */
function sourceFieldOf(build: PackageBuild): string {
  const { name, version } = sourceOf(build);
  return `${name} (${version})`;
}

async function readGenuine(file: string): Promise<readonly PackageBuild[]> {
  const reader = new StanzaReader(file, { wanted: binaryFields });
  return [...reader.push(await readList(file)), ...reader.end()].map(readBinaryBuild);
}

test("the difference between Debian's archive and a changed copy is what was changed", async ({ skip }) => {
  const found = await machineIndices(join(import.meta.dirname, "../../.cache/machine-indices"));
  if (found.kind === "none") return skip(found.reason);
  for (const [at, file] of found.files.entries()) {
    const before = await readGenuine(file);
    const comparison = new IndexComparison({ suite: String(at), section: "main", architecture: "amd64" });
    for (const build of before) comparison.addBefore(build);
    const names = new Map(Map.groupBy(before, ({ name }) => name));
    const expected = new Map<string, ChangeKind>();
    for (const [number, build] of before.entries()) {
      const edit = number % 10 === 0 ? edits[(number / 10) % edits.length] : undefined;
      const isAlone = names.get(build.name)?.length === 1 && !names.has(`${build.name}-new`);
      const after = edit !== undefined && isAlone ? edit.after(build) : [build];
      for (const one of after) comparison.addAfter(one);
      if (edit !== undefined && isAlone) expected.set(after.at(-1)?.name ?? build.name, edit.kind);
    }
    const { sources } = combineChanges(comparison.changes());
    const changes = sources.flatMap((source) => source.changes);
    expect(new Map(changes.map(({ kind, before: old, after }) => [(after ?? old)?.name, kind]))).toEqual(
      expected,
    );
    expect(changes).toHaveLength(expected.size);
    expect(expected.size).toBeGreaterThan(before.length / 20);
  }
});
