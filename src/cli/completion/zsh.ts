import { completing } from "../../completion/index.ts";
import type { Place, PlaceArgument, PlaceOption } from "./places.ts";
import type { Wanted } from "./wanted.ts";

/** Returns the function _mirrorctl, for a directory of fpath. */
export const zshScript = (places: readonly Place[]): string => `#compdef mirrorctl

# Adds names that mirrorctl lists; the arguments after the kind are mirrors of the line, perhaps with the present word.
__mirrorctl_names() {
  local kind=$1 expl
  shift
  [[ $kind != mirrors ]] || argv=(\${argv:#\${(b)words[CURRENT]}})
  local -a names
  names=(\${(f)"$("$program" ${completing} "$kind" "$config" "\${(@Q)argv}" 2>/dev/null)"})
  _description -V names expl "$kind"
  compadd "\${expl[@]}" -a names
}

_mirrorctl() {
  local program=\${(Q)words[1]/#\\~\\//$HOME/} config= word before=
  for word in "\${(@Q)words[2,CURRENT-1]}"; do
    case $before:$word in
      (-c:* | --config:*) config=$word ;;
      (*:--config=*) config=\${word#*=} ;;
    esac
    before=$word
  done
  __mirrorctl_at ''
}

# Completes what follows these commands, of which "words" has the last and the rest of the line.
__mirrorctl_at() {
  local curcontext=$curcontext state state_descr at=$1
  local -a line commands
  typeset -A opt_args
  case $at in
${places.map(placeCase).join("\n")}
  esac
  case $state in
    (command) _describe -t commands command commands ;;
    (rest) __mirrorctl_at "\${at:+$at }\${words[1]}" ;;
  esac
}

# This file is sourced, or autoloaded as the function itself.
if [[ \${funcstack[1]} == _mirrorctl ]]; then
  _mirrorctl "$@"
else
  compdef _mirrorctl mirrorctl
fi
`;

function placeCase({ words, commands, options, arguments: wanted }: Place): string {
  const isGroup = commands.length > 0;
  const listed = commands.map(({ name, description }) => `        ${quote(`${name}:${description}`)}`);
  const ids = wanted.some((one) => one.wanted.kind === "mirrors" && one.variadic) ? "$line" : "$line[1]";
  const specs = [
    ...options.flatMap((option) => optionSpecs(option, ids)),
    ...(isGroup
      ? [quote("1: :->command"), quote("*:: :->rest")]
      : wanted.map((one, index) => argumentSpec(one, index, ids))),
  ];
  return [
    `    (${quote(words.join(" "))})`,
    ...(isGroup ? ["      commands=(", ...listed, "      )"] : []),
    `      _arguments -C -S ${isGroup ? "-A '-*' " : ""}\\`,
    specs.map((spec) => `        ${spec}`).join(" \\\n"),
    "      ;;",
  ].join("\n");
}

function optionSpecs({ names, description, value }: PlaceOption, ids: string): readonly string[] {
  const shown = `[${description.replaceAll(/[[\]\\]/g, "\\$&")}]`;
  return names.map((name) =>
    value === undefined
      ? quote(`(${names.join(" ")})${name}${shown}`)
      : quote(`*${name}${name.startsWith("--") ? "=" : ""}${shown}${action(value, ids)}`),
  );
}

const argumentSpec = ({ wanted, variadic }: PlaceArgument, index: number, ids: string): string =>
  quote(`${variadic ? "*" : index + 1}${action(wanted, ids)}`);

/** The message and the action of a specification, see zshcompsys(1). `ids` are the mirrors of the line. */
function action(wanted: Wanted, ids: string): string {
  switch (wanted.kind) {
    case "mirrors":
      return `:mirror:{ __mirrorctl_names mirrors ${ids} }`;
    case "snapshots":
    case "trees":
      return `:snapshot:{ __mirrorctl_names ${wanted.kind} ${ids} }`;
    case "files":
      return ":file:_files";
    case "directories":
      return ":directory:_files -/";
    case "words":
      return `: :(${wanted.words.join(" ")})`;
    case "text":
      return ": : ";
  }
}

/** Quotes a text for the shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
