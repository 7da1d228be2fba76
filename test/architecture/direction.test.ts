import { describe, expect, test } from "vitest";
import { importsOf, type Module, readModules } from "./modules.ts";
import { findCycle, findViolations, rules } from "./rules.ts";

const modules = readModules();

const module = (path: string, ...imports: readonly string[]): Module => ({
  path,
  text: "",
  imports: imports.map((to) => ({ to, typeOnly: false })),
});

describe("the program", () => {
  test.each(rules.map((rule) => [rule.name, rule.because, rule] as const))(
    "%s: %s",
    (_name, _because, rule) => {
      expect(findViolations(modules, [rule])).toEqual([]);
    },
  );

  test("has no cycle of imports, including types", () => {
    expect(findCycle(modules)).toBeUndefined();
  });

  test("imports only modules that were read", () => {
    const known = new Set(modules.map(({ path }) => path));
    const imported = modules.flatMap(({ imports }) => imports.map(({ to }) => to));
    const ours = imported.filter((to) => to.startsWith("src/"));
    expect(ours.length).toBeGreaterThan(100);
    expect(ours.filter((to) => !known.has(to))).toEqual([]);
  });
});

/** For each rule, one import that it forbids, and the nearest one that it allows. */
const examples: Readonly<Record<string, { readonly broken: Module; readonly kept: Module }>> = {
  "pure-does-no-io": {
    broken: module("src/plan/files/file-plan.ts", "node:fs"),
    kept: module("src/plan/files/file-plan.ts", "src/repository/index.ts"),
  },
  "pure-needs-no-package": {
    broken: module("src/repository/release/release.ts", "valibot"),
    kept: module("src/trust/key/keyring.ts", "openpgp"),
  },
  "openpgp-in-trust": {
    broken: module("src/app/index.ts", "openpgp"),
    kept: module("src/trust/signature/openpgp.ts", "openpgp"),
  },
  "repository-alone": {
    broken: module("src/repository/release/release.ts", "src/trust/index.ts"),
    kept: module("src/repository/release/release.ts", "src/errors.ts"),
  },
  "installability-alone": {
    broken: module("src/installability/solver.ts", "src/contents/index.ts"),
    kept: module("src/installability/offers.ts", "src/repository/index.ts"),
  },
  "changes-alone": {
    broken: module("src/changes/compare-package.ts", "src/contents/index.ts"),
    kept: module("src/changes/compare-package.ts", "src/repository/index.ts"),
  },
  "changelogs-alone": {
    broken: module("src/changelogs/parse-changelog.ts", "src/deb/index.ts"),
    kept: module("src/changelogs/newer-entries.ts", "src/repository/index.ts"),
  },
  "apt-sources-alone": {
    broken: module("src/apt-sources/one-line.ts", "src/config/index.ts"),
    kept: module("src/apt-sources/one-line.ts", "src/repository/index.ts"),
  },
  "imports-alone": {
    broken: module("src/imports/aptly.ts", "src/config/index.ts"),
    kept: module("src/imports/aptly.ts", "src/apt-sources/index.ts"),
  },
  "news-alone": {
    broken: module("src/news/compare.ts", "src/gates/index.ts"),
    kept: module("src/news/compare.ts", "src/news/news.ts"),
  },
  "deb-alone": {
    broken: module("src/deb/tar-reader.ts", "src/changelogs/index.ts"),
    kept: module("src/deb/ar.ts", "src/repository/index.ts"),
  },
  "trust-and-plan-apart": {
    broken: module("src/plan/index.ts", "src/trust/index.ts"),
    kept: module("src/plan/index.ts", "src/plan/by-hash.ts"),
  },
  "contents-reads-what-it-is-handed": {
    broken: module("src/contents/read-index.ts", "src/platform/files.ts"),
    kept: module("src/contents/tree-on-disk.ts", "src/platform/files.ts"),
  },
  "adapters-apart": {
    broken: module("src/snapshot/trees/tree.ts", "src/store/index.ts"),
    kept: module("src/snapshot/trees/tree.ts", "src/snapshot/records/meta.ts"),
  },
  "only-publish-reads-trees-of-another-adapter": {
    broken: module("src/store/sweep.ts", "src/snapshot/index.ts"),
    kept: module("src/publish/carry.ts", "src/snapshot/index.ts"),
  },
  "adapters-below-operations": {
    broken: module("src/store/sweep.ts", "src/report/words/messages/index.ts"),
    kept: module("src/store/sweep.ts", "src/report/events.ts"),
  },
  "platform-below-adapters": {
    broken: module("src/platform/locks/lock.ts", "src/history/index.ts"),
    kept: module("src/platform/locks/lock.ts", "src/platform/files.ts"),
  },
  "config-below-operations": {
    broken: module("src/config/check.ts", "src/publish/index.ts"),
    kept: module("src/config/check.ts", "src/errors.ts"),
  },
  "report-below-operations": {
    broken: module("src/report/errors.ts", "src/publish/index.ts"),
    kept: {
      ...module("src/report/words/history-details.ts"),
      imports: [{ to: "src/history/index.ts", typeOnly: true }],
    },
  },
  "operations-below-shells": {
    broken: module("src/operations/context.ts", "src/app/index.ts"),
    kept: module("src/operations/context.ts", "src/config/index.ts"),
  },
  "cli-is-a-shell": {
    broken: module("src/cli/commands/status.ts", "src/snapshot/index.ts"),
    kept: {
      ...module("src/cli/commands/status.ts"),
      imports: [{ to: "src/snapshot/index.ts", typeOnly: true }],
    },
  },
  "cli-session-alone-composes": {
    broken: module("src/cli/run.ts", "src/app/index.ts"),
    kept: module("src/cli/session.ts", "src/app/index.ts"),
  },
  "app-composes-once": {
    broken: module("src/operations/production/roll-back.ts", "src/app/index.ts"),
    kept: module("src/cli/session.ts", "src/app/index.ts"),
  },
  "nothing-below-main": {
    broken: module("src/cli/run.ts", "src/main.ts"),
    kept: module("src/main.ts", "src/cli/index.ts"),
  },
  "only-platform-touches-the-disk": {
    broken: module("src/store/sweep.ts", "node:fs/promises"),
    kept: module("src/platform/files.ts", "node:fs/promises"),
  },
  "only-history-and-locks-use-sqlite": {
    broken: module("src/store/sync-memory.ts", "node:sqlite"),
    kept: module("src/history/file/history.ts", "node:sqlite"),
  },
  "only-upstream-uses-the-network": {
    broken: module("src/operations/check-tls.ts", "node:tls"),
    kept: module("src/upstream/connections/tls.ts", "node:tls"),
  },
  "no-ambient-process": {
    broken: module("src/platform/machine/host.ts", "node:process"),
    kept: module("src/platform/machine/host.ts", "node:path"),
  },
  "only-what-reads-files-uses-threads": {
    broken: module("src/platform/files.ts", "node:worker_threads"),
    kept: module("src/platform/hashing/hash-worker.ts", "node:worker_threads"),
  },
  "only-cli-parses-flags": {
    broken: module("src/operations/production/roll-back.ts", "commander"),
    kept: module("src/cli/program.ts", "commander"),
  },
  "through-the-door": {
    broken: module("src/app/index.ts", "src/store/sweep.ts"),
    kept: module("src/store/index.ts", "src/store/sweep.ts", "src/repository/index.ts"),
  },
  "through-the-door-of-a-verb": {
    broken: module("src/operations/verify/checks/check-files.ts", "src/operations/sync/files/intake.ts"),
    kept: module(
      "src/operations/verify/checks/check-files.ts",
      "src/operations/sync/index.ts",
      "src/operations/verify/repair/repair.ts",
      "src/operations/context.ts",
    ),
  },
  "no-test-support-in-the-program": {
    broken: module("src/trust/key/keyring.ts", "src/trust/test-support.ts"),
    kept: module("src/trust/key/keyring.ts", "src/trust/message/packets.ts"),
  },
};

describe("the checker", () => {
  test.each(rules.map((rule) => [rule.name, rule] as const))("%s can fail", (name, rule) => {
    const example = examples[name];
    expect(example).toBeDefined();
    if (example === undefined) return;
    expect(findViolations([example.kept], [rule])).toEqual([]);
    const [broken] = example.broken.imports;
    expect(findViolations([example.broken], [rule])).toEqual([
      { rule: name, from: example.broken.path, to: broken?.to },
    ]);
  });

  test("follows a cycle through any number of modules, and names it", () => {
    const a = module("src/a.ts", "src/b.ts");
    const b = module("src/b.ts", "node:path", "src/c.ts");
    expect(findCycle([a, b, module("src/c.ts", "src/d.ts"), module("src/d.ts", "src/b.ts")])).toEqual([
      "src/b.ts",
      "src/c.ts",
      "src/d.ts",
      "src/b.ts",
    ]);
    expect(findCycle([a, b, module("src/c.ts"), module("src/d.ts", "src/b.ts")])).toBeUndefined();
  });

  test("sees every form of import, and no other text", () => {
    const text = `/** import { no } from "comment"; */
import { readFile } from "node:fs/promises";
import type { Config } from "../config/index.ts";
import {
  type One,
  two,
} from "./two.ts";
import "./effect.ts";
export { three } from "./three.ts";
export type { Four } from "./four.ts";
const lazy = () => import("undici");
type Late = typeof import("openpgp");
const text = 'a line from "nowhere"';
`;
    expect(importsOf("src/store/one.ts", text)).toEqual([
      { to: "node:fs/promises", typeOnly: false },
      { to: "src/config/index.ts", typeOnly: true },
      { to: "src/store/two.ts", typeOnly: false },
      { to: "src/store/effect.ts", typeOnly: false },
      { to: "src/store/three.ts", typeOnly: false },
      { to: "src/store/four.ts", typeOnly: true },
      { to: "undici", typeOnly: false },
      { to: "openpgp", typeOnly: true },
    ]);
  });
});
