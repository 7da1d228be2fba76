import { completing } from "../../completion/index.ts";
import { type Place, type PlaceArgument, type PlaceOption, valueOptions } from "./places.ts";
import type { Wanted } from "./wanted.ts";

/** Returns the script for a directory of fish_complete_path. */
export const fishScript = (places: readonly Place[]): string => `# fish completion for mirrorctl

# Reads the line up to the cursor, once for each line: commands, their arguments, and the file of --config.
function __mirrorctl_read
    set -l line (commandline -cp | string collect)
    test "$line" = "$__mirrorctl_line"; and return
    set -g __mirrorctl_line $line
    set -g __mirrorctl_at
    set -g __mirrorctl_arguments
    set -g __mirrorctl_config
    set -l value
    for word in (commandline -opc)[2..-1]
        if test -n "$value"
            contains -- $value -c --config; and set __mirrorctl_config $word
            set value
        else if contains -- $word ${valueOptions(places).join(" ")}
            set value $word
        else if string match -q -- '--config=*' $word
            set __mirrorctl_config (string replace -- --config= '' $word)
        else if not string match -q -- '-*' $word
            if contains -- (string join ' ' $__mirrorctl_at $word) ${placeWords(places)}
                set -a __mirrorctl_at $word
            else
                set -a __mirrorctl_arguments $word
            end
        end
    end
end

# Tells whether the line has these commands and, if one is given, this number of arguments ("2+": or more).
function __mirrorctl_is
    __mirrorctl_read
    test "$__mirrorctl_at" = "$argv[1]"; or return
    set -l count (count $__mirrorctl_arguments)
    switch "$argv[2]"
        case ''
            return 0
        case '*+'
            test $count -ge (string trim -rc + $argv[2])
        case '*'
            test $count -eq $argv[2]
    end
end

# Lists names; the second argument says how many of the line's arguments are mirrors.
function __mirrorctl_names
    set -l program (string replace -r '^~/' $HOME/ (commandline -opc)[1])
    $program ${completing} $argv[1] "$__mirrorctl_config" $__mirrorctl_arguments[1..$argv[2]] 2>/dev/null
end

complete -c mirrorctl -f
${places.flatMap(placeLines).join("\n")}
`;

const placeWords = (places: readonly Place[]): string =>
  places
    .filter(({ words }) => words.length > 0)
    .map(({ words }) => quote(words.join(" ")))
    .join(" ");

function placeLines({ words, commands, options, arguments: wanted }: Place): readonly string[] {
  const at = quote(words.join(" "));
  const mirrors = wanted.some((one) => one.wanted.kind === "mirrors" && one.variadic) ? -1 : 1;
  const line = (condition: string, rest: string): string =>
    `complete -c mirrorctl -n ${quote(`__mirrorctl_is ${condition}`)} ${rest}`;
  return [
    ...commands.map(({ name, description }) => line(at, `-a ${name} -d ${quote(description)}`)),
    ...options.map((option) => line(at, optionFlags(option, mirrors))),
    ...wanted.map((one, index) =>
      line(`${at} ${index}${one.variadic ? "+" : ""}`, argumentFlags(one, mirrors)),
    ),
  ];
}

function optionFlags({ names, description, value }: PlaceOption, mirrors: number): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const wants = value === undefined ? [] : ["-r", sourceOf(value, mirrors)];
  return [...flags, ...wants, `-d ${quote(description)}`].join(" ");
}

const argumentFlags = ({ wanted }: PlaceArgument, mirrors: number): string => sourceOf(wanted, mirrors);

/** What is offered, see complete(1) of fish. -k keeps the order. */
function sourceOf(wanted: Wanted, mirrors: number): string {
  switch (wanted.kind) {
    case "mirrors":
    case "snapshots":
    case "trees":
      return `-f -k -a ${quote(`(__mirrorctl_names ${wanted.kind} ${mirrors})`)}`;
    case "files":
      return "-F";
    case "directories":
      return `-f -a ${quote("(__fish_complete_directories)")}`;
    case "words":
      return `-f -a ${quote(wanted.words.join(" "))}`;
    case "text":
      return "-f";
  }
}

/** Quotes a text for fish. */
const quote = (text: string): string => `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
