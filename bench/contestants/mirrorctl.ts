import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "smol-toml";
import { executable } from "../../test/support/index.ts";
import type { Command } from "../measure/run-measured.ts";
import { suite } from "../upstream/upstream.ts";
import { type Assignment, connections, type Tool } from "./tool.ts";

export interface Mirrorctl extends Tool {
  /** The command line of a verb, such as `snapshot list`. */
  run(...args: readonly string[]): Command;
}

export interface MirrorctlSettings {
  readonly name?: string;
  readonly program?: string;
  /** Tables of the configuration beside the mirrors. */
  readonly tables?: Readonly<Record<string, unknown>>;
  /** Keys of each mirror. */
  readonly mirror?: Readonly<Record<string, unknown>>;
  /** How many mirrors of the same upstream: m1, m2, … */
  readonly mirrors?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export function mirrorctl({ dir, url, keyFile }: Assignment, settings: MirrorctlSettings = {}): Mirrorctl {
  const { name = "mirrorctl", program = executable, tables, mirror, mirrors = 1, env } = settings;
  const configFile = join(dir, "mirror.toml");
  const run = (...args: readonly string[]): Command => ({
    argv: [program, "--config", configFile, "--quiet", ...args],
    ...(env === undefined ? {} : { env }),
  });
  const usual = {
    url,
    suites: [suite],
    sections: ["main"],
    architectures: ["amd64"],
    pgp_key_path: keyFile("asc"),
  };
  return {
    name,
    setUp() {
      const ids = Array.from({ length: mirrors }, (_, index) => `m${index + 1}`);
      const configured = Object.fromEntries(ids.map((id) => [id, { ...usual, ...mirror }]));
      const top = { dir: join(dir, "www"), max_conns: connections };
      writeFileSync(configFile, stringify({ ...top, ...tables, mirrors: configured }));
    },
    firstSync: run("sync"),
    update: run("sync"),
    run,
  };
}
