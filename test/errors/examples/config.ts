import { writeFileSync } from "node:fs";
import { openSession } from "../../../src/cli/session.ts";
import { parseMoment } from "../../../src/config/index.ts";
import { createHost } from "../../support/host.ts";
import { type Example, Stage, type StageOptions } from "../stage.ts";

/** Syncs with a configuration that somebody wrote. */
const configured =
  (options: StageOptions): Example =>
  async () => {
    await using stage = await Stage.open();
    stage.configure(options);
    await stage.sync();
  };

export const configExamples: Readonly<Record<string, Example>> = {
  "config/FILE_UNREADABLE": () => {
    const flags = { logLevel: undefined, quiet: false, verboseErrors: false, json: false };
    return openSession(createHost(), { ...flags, config: "/etc/mirrorctl/missing.toml" }, []);
  },
  "config/TOML_MALFORMED": async () => {
    await using stage = await Stage.open();
    writeFileSync(stage.bed.configFile, 'dir = "/var/lib/mirrorctl\n');
    await stage.sync();
  },
  "config/CONFIG_INVALID": configured({ global: { maxconns: 4 }, mirror: { suites: [] } }),
  "config/VALUE_INVALID": () => parseMoment("yesterday", new Date()),
  "config/MIRROR_UNKNOWN": async () => {
    await using stage = await Stage.open();
    await stage.run((run) => run.stage("debain", "one"));
  },
  "config/MIRRORS_MISSING": async () => {
    await using stage = await Stage.open();
    stage.bed.configure({});
    await stage.run((run) => run.sync([], { force: false, noPgpCheck: false }));
  },
};
