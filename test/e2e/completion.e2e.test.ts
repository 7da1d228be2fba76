/** Completion in the real shells, in a terminal: what is on the line after Tab. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  executable,
  runProgram,
  startInTmux,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../support/index.ts";
import { until } from "./until.ts";

/** No sync was ever run: names come from the configuration and from the directories of snapshots alone. */
const snapshots = {
  noble: ["2026-05-04", "12:30", "a'quote", "we$ird`x", "only-noble"],
  "noble-security": ["2026-05-04", "12:30"],
};

interface Shell {
  readonly commandLine: (site: TemporaryDirectory) => readonly string[];
  /** What the shell reads when it starts, by name below its home. `script` is that of `mirrorctl completion`. */
  readonly files: (script: string) => Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
}

/** What a person types before Tab, and the line after it. */
type Line = readonly [typed: string, line: string];

const unchanged = (typed: string): Line => [typed, typed];

const lines: readonly Line[] = [
  ["mirrorctl sn", "mirrorctl snapshot "],
  ["mirrorctl snapshot rollb", "mirrorctl snapshot rollback "],
  ["mirrorctl sync --dr", "mirrorctl sync --dry-run "],
  ["mirrorctl --log-level d", "mirrorctl --log-level debug "],
  ["mirrorctl snapshot diff noble --format ma", "mirrorctl snapshot diff noble --format markdown "],
  ["mirrorctl snapshot diff noble wor", "mirrorctl snapshot diff noble working "],
  ["mirrorctl sync noble-", "mirrorctl sync noble-security "],
  ["mirrorctl sync noble-security nob", "mirrorctl sync noble-security noble "],
  ["mirrorctl snapshot stage --json noble 20", "mirrorctl snapshot stage --json noble 2026-05-04 "],
  ["mirrorctl snapshot stage noble 12:", "mirrorctl snapshot stage noble 12:30 "],
  ["mirrorctl snapshot rollback noble --to on", "mirrorctl snapshot rollback noble --to only-noble "],
  ["mirrorctl snapshot promote --snapshot=12", "mirrorctl snapshot promote --snapshot=12:30 "],
  // Several mirrors go together, and only one of them has it.
  unchanged("mirrorctl snapshot promote noble noble-security --snapshot on"),
  ["mirrorctl status --config ~/other.t", "mirrorctl status --config ~/other.toml "],
  ["mirrorctl -c ~/other.toml status ot", "mirrorctl -c ~/other.toml status other "],
  ["mirrorctl --config=other.toml status ot", "mirrorctl --config=other.toml status other "],
  ["mirrorctl key show ./oth", "mirrorctl key show ./other.toml "],
  unchanged("mirrorctl -c ~/broken.toml status no"),
  unchanged("mirrorctl -c ~/absent.toml status no"),
];

const stage = "mirrorctl snapshot stage noble";
/** Names as bash and zsh write them. */
const quoted: readonly Line[] = [
  [`${stage} we`, String.raw`${stage} we\$ird\`x `],
  [`${stage} 'we`, `${stage} 'we$ird\`x' `],
  [`${stage} "we`, String.raw`${stage} "we\$ird\`x" `],
  [`${stage} a`, String.raw`${stage} a\'quote `],
];

const shells: Readonly<Record<string, Shell>> = {
  bash: {
    commandLine: () => ["bash", "--norc", "--noprofile", "-i"],
    files: (script) => ({ start: `PS1='$ '; HISTFILE=\n${script}` }),
    lines: [...lines, ...quoted],
  },
  "bash with the package bash-completion": {
    commandLine: () => ["bash", "--norc", "--noprofile", "-i"],
    files: (script) => ({
      start: "PS1='$ '; HISTFILE=; BASH_COMPLETION_USER_DIR=~\n. /usr/share/bash-completion/bash_completion",
      "completions/mirrorctl": script,
    }),
    lines: lines.slice(0, 2),
  },
  zsh: {
    commandLine: () => ["zsh", "--no-rcs", "-i"],
    files: (script) => ({
      start: "PS1='$ '; fpath=(~ $fpath); setopt interactive_comments; autoload -U compinit; compinit -u -D",
      _mirrorctl: script,
    }),
    lines: [...lines, ...quoted, [`${stage} 'a`, String.raw`${stage} 'a'\''quote' `]],
  },
  fish: {
    commandLine: () => ["fish", "--private"],
    files: (script) => ({
      ".config/fish/config.fish": "function fish_prompt; echo -n '$ '; end; set fish_greeting",
      ".config/fish/completions/mirrorctl.fish": script,
      start: "true",
    }),
    lines: [
      ...lines,
      [`${stage} we`, `${stage} we\\$ird\`x `],
      [`${stage} 'we`, `${stage} 'we$ird\`x' `],
      [`${stage} a`, String.raw`${stage} a\'quote `],
    ],
  },
};

test.concurrent.each(Object.entries(shells))("%s completes what may follow", async (name, shell) => {
  await using site = await createSite();
  const script = await runProgram(executable, ["completion", name.replace(/ .*/, "")]);
  for (const [path, text] of Object.entries(shell.files(script.output))) writeBelow(site, path, text);
  await using terminal = await startInTmux({
    dir: site.path,
    columns: 200,
    commandLine: shell.commandLine(site),
    env: {
      PATH: `${site.join("bin")}:/usr/bin:/bin`,
      HOME: site.path,
      ZDOTDIR: site.path,
      MIRRORCTL_CONFIG: site.join("mirror.toml"),
    },
  });
  await terminal.type("cd; . ./start; echo ready");
  await terminal.press("Enter");
  await until(async () => (await terminal.everything()).includes("ready"));
  for (const [typed] of shell.lines) {
    await terminal.type(typed);
    // What follows the completion, and a comment in place of a command.
    await terminal.press("Tab", "+", "C-a", "#", "Enter");
  }
  const shown = async () => (await terminal.everything()).filter((line) => line.startsWith("$ #"));
  await until(async () => (await shown()).length === shell.lines.length);
  expect(await shown()).toEqual(shell.lines.map(([, line]) => `$ #${line}+`));
});

async function createSite(): Promise<TemporaryDirectory> {
  const site = await temporaryDirectory();
  const config = (ids: readonly string[]): string =>
    `dir = "${site.join("www")}"\n[snapshot]\n${ids.map(mirrorTable).join("")}`;
  writeBelow(site, "mirror.toml", config(Object.keys(snapshots)));
  writeBelow(site, "other.toml", config(["other"]));
  writeBelow(site, "broken.toml", `${config(["noble"])}\nunknown = 1\n`);
  for (const [id, names] of Object.entries(snapshots)) {
    for (const name of [...names, ".meta", ".draft", "2026-05-04~replacing"])
      mkdirSync(site.join("www/.snapshots", id, name), { recursive: true });
  }
  mkdirSync(site.join("bin"));
  symlinkSync(executable, site.join("bin/mirrorctl"));
  return site;
}

const mirrorTable = (id: string): string =>
  `[mirrors.${id}]\nurl = "http://127.0.0.1/"\nsuites = ["x"]\nsections = ["main"]\narchitectures = ["amd64"]\n`;

function writeBelow(site: TemporaryDirectory, path: string, text: string): void {
  mkdirSync(site.join(path, ".."), { recursive: true });
  writeFileSync(site.join(path), text);
}
