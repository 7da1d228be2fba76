/** Gates that compare packages with those in production. */
import type { PackageBuild } from "../../../changes/index.ts";
import { type Detail, findings, type Verdict, verdictOf } from "../../../gates/index.ts";
import { compareVersions } from "../../../repository/index.ts";
import type { Gate } from "../gate.ts";

const nothingInProduction: Verdict = { kind: "not-applicable", because: "nothing-in-production" };

/** The worst architecture decides. */
export const maxRemovedPercent: Gate<"max_removed_percent"> = {
  async run({ percent }, subject) {
    const before = await subject.namesInProduction();
    if (before === undefined) return nothingInProduction;
    const after = await subject.names();
    const details: Detail[] = [];
    let worst = 0;
    for (const [architecture, names] of before.byArchitecture) {
      const present = after.byArchitecture.get(architecture);
      const removed = [...names.keys()].filter((name) => present?.has(name) !== true);
      worst = Math.max(worst, (removed.length / names.size) * 100);
      const found = { architecture, before: names.size, removed: removed.length };
      if (removed.length > 0)
        details.push({ kind: "packages-removed", ...found, names: removed.slice(0, namesMax) });
    }
    return verdictOf(worst <= percent, findings(worst, details));
  },
};

const namesMax = 20;

export const maxDowngrades: Gate<"max_downgrades"> = {
  async run({ names: allowed }, subject) {
    const old = await subject.namesInProduction();
    if (old === undefined) return nothingInProduction;
    const present = await subject.names();
    const details: Detail[] = [];
    for (const [architecture, names] of old.byArchitecture) {
      const now = present.byArchitecture.get(architecture);
      for (const [name, before] of names) {
        const after = now?.get(name);
        if (after !== undefined && after !== before && compareVersions(after, before) < 0)
          details.push({ kind: "downgraded", name, architecture, before, after });
      }
    }
    return verdictOf(details.length <= allowed, findings(details.length, details));
  },
};

/** Compares over all suites and sections: a package may move and change at once, or come with other bytes beside the old. */
export const maxChangedBytes: Gate<"max_changed_bytes"> = {
  async run({ packages: allowed }, subject) {
    const changes = await subject.changes();
    if (changes === undefined) return nothingInProduction;
    const old = new Map<string, string>();
    for (const { before } of changes) if (before !== undefined) old.set(keyOf(before), before.digest);
    const unchanged = await subject.namesInProduction();
    const changed = new Map<string, Detail>();
    for (const { after, place } of changes) {
      if (after === undefined) continue;
      const before = old.get(keyOf(after)) ?? unchanged?.digestOf(after);
      if (before === undefined || before === after.digest) continue;
      const { name, version, architecture, variant } = after;
      changed.set(keyOf(after), {
        kind: "changed-bytes",
        name,
        version,
        architecture: variant ?? architecture,
        suite: place.suite,
        before,
        after: after.digest,
      });
    }
    return verdictOf(changed.size <= allowed, findings(changed.size, [...changed.values()]));
  },
};

const keyOf = ({ name, version, architecture, variant = "" }: PackageBuild): string =>
  [name, version, architecture, variant].join("\n");
