import { mkdirSync, writeFileSync } from "node:fs";
import { type InitOptions, importConfig, initConfig } from "../../../src/app/index.ts";
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

/** Makes a configuration of this line or file, without asking the upstream. */
const init =
  (from: string | undefined, options: Partial<InitOptions> = {}): Example =>
  async () => {
    await using stage = await Stage.open();
    const usual = {
      path: stage.bed.join("etc/mirror.toml"),
      from,
      distribution: undefined,
      release: undefined,
      architectures: ["amd64"],
      sections: undefined,
      source: false,
      url: undefined,
      keyPaths: [],
      id: undefined,
      dir: undefined,
      baseUrl: undefined,
      print: false,
    };
    await initConfig({ ...usual, ...options }, createHost({ homeDir: stage.bed.path }));
  };

const line = "deb https://apt.vendor.example/ stable main";

export const configExamples: Readonly<Record<string, Example>> = {
  "config/FILE_UNREADABLE": () => {
    const flags = { logLevel: undefined, quiet: false, verboseErrors: false, json: false };
    return openSession(createHost(), { ...flags, config: "/etc/mirrorctl/missing.toml" }, []);
  },
  "config/FILE_EXISTS": async () => {
    await using stage = await Stage.open();
    const path = stage.bed.configFile;
    mkdirSync(stage.bed.join("conf.d"));
    writeFileSync(stage.bed.join("conf.d/vendor.toml"), "");
    await init(line, { path })();
  },
  "config/FILE_UNWRITABLE": init(line, { path: "/sys/mirror.toml" }),
  "config/SOURCES_MALFORMED": init("deb https://apt.vendor.example/ stable"),
  "config/RELEASE_UNKNOWN": init(undefined, { distribution: "ubuntu", release: "24.10" }),
  "config/BASE_URL_UNKNOWN": async () => {
    await using stage = await Stage.open();
    await stage.sync();
    const options = { of: { link: "production" }, format: "deb822", baseUrl: undefined } as const;
    await stage.run((run) => run.clientConfig("debian", options));
  },
  "config/TOML_MALFORMED": async () => {
    await using stage = await Stage.open();
    writeFileSync(stage.bed.configFile, 'dir = "/var/lib/mirrorctl\n');
    await stage.sync();
  },
  "config/CONFIG_INVALID": configured({ global: { maxconns: 4 }, mirror: { suites: [] } }),
  "config/VALUE_INVALID": () => parseMoment("yesterday", new Date()),
  "config/FILES_UNUSABLE": async () => {
    await using stage = await Stage.open();
    const found = { directories: ["/srv/missing"], link: false };
    await stage.run((run) => run.sync(["debian"], { force: false, noPgpCheck: false, found }));
  },
  "config/MIRROR_UNKNOWN": async () => {
    await using stage = await Stage.open();
    await stage.run((run) => run.stage("debain", "one"));
  },
  "config/MIRRORS_MISSING": async () => {
    await using stage = await Stage.open();
    stage.bed.configure({});
    await stage.run((run) => run.sync([], { force: false, noPgpCheck: false }));
  },
  "config/IMPORT_UNREADABLE": () => importConfig("apt-mirror", ["/nonexistent/mirror.list"], {}),
};
