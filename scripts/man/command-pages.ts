import type { Command, Option } from "commander";
import { exitStatus } from "../../src/report/errors.ts";
import {
  allCommands,
  argumentUsage,
  commandGroups,
  describedProgram,
  optionMeaning,
  sentence,
  shownOptions,
  statusMeanings,
  usageOf,
} from "../command-help.ts";
import type { Item, ManualPage, Section } from "./roff.ts";

type Edition = Pick<ManualPage, "date" | "source">;

/** Returns mirrorctl(1), and a page for each command and group: `mirrorctl snapshot list` is mirrorctl-snapshot-list(1). */
export async function commandPages(edition: Edition): Promise<readonly ManualPage[]> {
  const program = await describedProgram();
  const commands = allCommands(program, program.name());
  return [
    programPage(program, commands, edition),
    ...commandGroups(program).map((group) => groupPage(`${program.name()} ${group.name()}`, group, edition)),
    ...commands.map(([name, command]) => commandPage(name, command, program.options, edition)),
  ];
}

function programPage(
  program: Command,
  commands: ReturnType<typeof allCommands>,
  edition: Edition,
): ManualPage {
  return {
    ...edition,
    name: program.name(),
    section: 1,
    description: "mirror APT repositories, with snapshots, staging and production",
    sections: [
      { title: "SYNOPSIS", parts: ["`mirrorctl` [options] <command>"] },
      { title: "DESCRIPTION", parts: [program.description(), about] },
      { title: "COMMANDS", parts: [summariesOf(commands)] },
      { title: "OPTIONS", parts: [optionItems(program.options)] },
      exitSection,
      { title: "ENVIRONMENT", parts: [environment] },
      { title: "FILES", parts: [files] },
      seeAlso(["mirror.toml(5)", "apt-secure(8)", "sources.list(5)"]),
    ],
  };
}

function groupPage(name: string, group: Command, edition: Edition): ManualPage {
  return {
    ...edition,
    name: pageName(name),
    section: 1,
    description: group.description(),
    sections: [
      { title: "SYNOPSIS", parts: [`\`${name}\` <command>`] },
      { title: "DESCRIPTION", parts: [sentence(group.description())] },
      { title: "COMMANDS", parts: [summariesOf(allCommands(group, name))] },
      seeAlso(["mirrorctl(1)", "mirror.toml(5)"]),
    ],
  };
}

const summariesOf = (commands: ReturnType<typeof allCommands>): readonly Item[] =>
  commands.map(([name, command]) => ({
    label: usageOf(name, command),
    text: `${sentence(command.description())} See ${pageName(name)}(1).`,
  }));

function commandPage(
  name: string,
  command: Command,
  global: readonly Option[],
  edition: Edition,
): ManualPage {
  const { registeredArguments, options } = command;
  const accepted = registeredArguments.map((argument) => ({
    label: argumentUsage(argument),
    text: sentence(argument.description),
  }));
  return {
    ...edition,
    name: pageName(name),
    section: 1,
    description: command.description(),
    sections: [
      { title: "SYNOPSIS", parts: [`\`${name}\`${usageOf(name, command).slice(name.length)}`] },
      { title: "DESCRIPTION", parts: [sentence(command.description())] },
      ...(accepted.length === 0 ? [] : [{ title: "ARGUMENTS", parts: [accepted] }]),
      ...(options.length === 0 ? [] : [{ title: "OPTIONS", parts: [optionItems(options)] }]),
      { title: "GLOBAL OPTIONS", parts: [optionItems(global)] },
      exitSection,
      seeAlso(["mirrorctl(1)", "mirror.toml(5)"]),
    ],
  };
}

const pageName = (name: string): string => name.replaceAll(" ", "-");

const optionItems = (options: readonly Option[]): readonly Item[] =>
  shownOptions(options).map((option) => ({ label: option.flags, text: optionMeaning(option) }));

const exitSection: Section = {
  title: "EXIT STATUS",
  parts: [
    Object.entries(statusMeanings).map(([name, text]) => ({
      label: String(exitStatus[name as keyof typeof exitStatus]),
      text,
    })),
  ],
};

const seeAlso = (pages: readonly string[]): Section => ({ title: "SEE ALSO", parts: [pages.join(", ")] });

const about = `Results go to standard output, the log and progress to standard error. Ctrl-C, SIGTERM and SIGHUP stop a
command at the next safe point, and the next run continues from there. Times are in UTC.`;

const environment: readonly Item[] = [
  { label: "MIRRORCTL_CONFIG", text: "The configuration file, if `--config` does not name one." },
  {
    label: "MIRRORCTL_…",
    text: "Other variables override keys of the configuration: mirror.toml(5) names them.",
  },
  {
    label: "http_proxy, https_proxy, no_proxy",
    text: "Proxies for requests to upstreams, as curl(1) reads them.",
  },
  { label: "NO_COLOR", text: "If it is set and not empty, nothing is coloured." },
];

const files: readonly Item[] = [
  { label: "/etc/mirrorctl/mirror.toml", text: "The configuration: mirror.toml(5)." },
  {
    label: "/etc/mirrorctl/auth.conf",
    text: "User names and passwords for upstreams, in the format of apt_auth.conf(5).",
  },
];
