/** Finds what a message sends its reader to, and which of it does not exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { allCommands, describedProgram } from "../../scripts/command-help.ts";

const root = join(import.meta.dirname, "../..");

/** Returns each command, flag, page and option in the text of an error that does not exist. */
export const deadReferences = (text: string): readonly string[] => [...deadLinks(text), ...deadOptions(text)];

/** Returns each command, flag and page in any text that does not exist. */
export const deadLinks = (text: string): readonly string[] => [...deadCommands(text), ...deadPages(text)];

const program = await describedProgram();
const commands: ReadonlyMap<string, Command> = new Map(allCommands(program, program.name()));

/** A command line reaches to what ends a sentence or a quotation. */
function deadCommands(text: string): readonly string[] {
  const lines = text.matchAll(/(^|: |"|-u \S+ )?\bmirrorctl ([\w<>.:~/-]+(?: [^\s"();,]+)*)/gm);
  return [...lines].flatMap(([whole, before = "", words = ""]) => {
    const [first = "", second = "", ...rest] = words.replace(/^(?:--[a-z-]+ )+|[.:]+$/g, "").split(" ");
    const command = commands.get(`mirrorctl ${first} ${second}`) ?? commands.get(`mirrorctl ${first}`);
    // "mirrorctl keeps each file once" is a sentence; after a colon or a quotation mark it would be a command.
    const isSentence = command === undefined && before === "" && !firstWords.has(first);
    if (isSentence || first === "") return [];
    if (command === undefined) return [whole];
    const flags = [second, ...rest].filter((word) => word.startsWith("--"));
    return flags.filter((flag) => !flagsOf(command).has(flag)).map((flag) => `${whole}: ${flag}`);
  });
}

const firstWords = new Set([...commands.keys()].map((name) => name.split(" ")[1] ?? ""));

const flagsOf = (command: Command): ReadonlySet<string> =>
  new Set([...command.options, ...program.options].flatMap(({ long }) => long ?? []));

function deadPages(text: string): readonly string[] {
  const pages = [...text.matchAll(/\bdocs\/[\w./-]*\w(?:#[\w-]+)?/g)].map(([page]) => page);
  return pages.filter((page) => !existsSync(join(root, page.split("#")[0] ?? "")));
}

/** Words in the form of an option: with an underscore. */
function deadOptions(text: string): readonly string[] {
  const words = text.match(/(?<![\w/.<"-])[a-z]+(?:_[a-z]+)+(?![\w/(>@])/g) ?? [];
  return words.filter((word) => !known.has(word));
}

/** Every word of the page that is made from the declared options, and the variables of other programs. */
const known: ReadonlySet<string> = new Set([
  ...(readFileSync(join(root, "docs/configuration.md"), "utf8").match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []),
  "apt_auth",
  "http_proxy",
  "https_proxy",
  "no_proxy",
]);
