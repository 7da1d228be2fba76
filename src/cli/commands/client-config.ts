import { type Command, Option } from "commander";
import type { ClientConfig, ClientConfigOptions } from "../../operations/client-config/index.ts";
import { clientConfigJson } from "../../report/json/answers.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { clientNoteText } from "../../report/words/client-notes.ts";
import type { CommandHost } from "../command-host.ts";

interface ClientConfigFlags {
  readonly staging?: true;
  readonly snapshot?: string;
  readonly format: ClientConfigOptions["format"];
  readonly baseUrl?: string;
}

export function defineClientConfig(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .option("--staging", "for test machines, which read what is staged; unset: production")
    .addOption(new Option("--snapshot <name>", "for machines that read this snapshot").conflicts("staging"))
    .addOption(
      new Option(
        "--format <form>",
        "of the sources; one-line is for apt before 2.3.10, and has the key in a file",
      )
        .choices(["deb822", "one-line"])
        .default("deb822"),
    )
    .option("--base-url <url>", "where clients see `dir`; unset: base_url of [publish]")
    .action((id: string, flags: ClientConfigFlags) =>
      runSession([id], async ({ host, run, print, flags: { quiet, json } }) => {
        const config = await run.clientConfig(id, await optionsOf(flags));
        print(clientConfigJson(config), () => filesText(config));
        if (!quiet && !json) host.stderr.write(afterText(config));
      }),
    );
}

async function optionsOf(flags: ClientConfigFlags): Promise<ClientConfigOptions> {
  const { parseClientUrl, readOption } = await import("../../config/index.ts");
  const { staging, snapshot, format, baseUrl } = flags;
  return {
    of: snapshot === undefined ? { link: staging === true ? "staging" : "production" } : { snapshot },
    format,
    baseUrl: baseUrl === undefined ? undefined : readOption("--base-url", baseUrl, parseClientUrl),
  };
}

/** A lone file can go straight to its place. Each of several is named, by a comment that all their formats have. */
const filesText = ({ files }: ClientConfig): string =>
  files.map(({ path, content }) => `# ${path}\n${content}`).join("\n");

/** On standard error, so that standard output is only what clients get. */
const afterText = ({ files, notes }: ClientConfig): string =>
  [
    ...notes.map((note) => `note: ${escapeControls(clientNoteText(note))}`),
    `Write ${files.length === 1 ? "this file" : "these files"} on a client: ${files.map(({ path }) => path).join(", ")}`,
    "Then test it there: apt-get update",
    "",
  ].join("\n");
