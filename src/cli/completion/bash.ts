import { completing } from "../../completion/index.ts";
import { type Place, type PlaceOption, valueOptions } from "./places.ts";
import type { Wanted } from "./wanted.ts";

/** Returns the script for bash 4.4 or newer, with or without the package bash-completion. */
export const bashScript = (places: readonly Place[]): string => `# bash completion for mirrorctl

# Splits the line up to the cursor into words without their quotes, as the shell does. What readline is to replace is
# shorter than the last word, if that has a character of COMP_WORDBREAKS: \`piece\` is its text as it was typed.
__mirrorctl_split() {
  local line=\${COMP_LINE:0:COMP_POINT} word= quote= begun= char i
  words=() piece=
  for ((i = 0; i < \${#line}; i++)); do
    char=\${line:i:1}
    piece+=$char
    if [[ $quote == \\' && $char != \\' ]]; then
      word+=$char
    elif [[ $char == \\\\ && ( $quote == '' || \${line:i+1:1} == [\\"\\\\\\$\\\`] ) ]]; then
      i=$((i + 1)) word+=\${line:i:1} piece+=\${line:i:1} begun=1
    elif [[ $char == [\\'\\"] && ( $quote == '' || $quote == "$char" ) ]]; then
      [[ $quote ]] && quote= || quote=$char piece=
      begun=1
    elif [[ $quote == '' && $char == [[:space:]] ]]; then
      [[ $begun ]] && words+=("$word")
      word= piece= begun=
    else
      [[ $quote == '' && $COMP_WORDBREAKS == *"$char"* ]] && piece=
      word+=$char begun=1
    fi
  done
  words+=("$word")
  open=$quote
}

# Offers each name that begins with the word, in place of the piece.
__mirrorctl_offer() {
  local word=$1 name rest
  shift
  for name; do
    [[ $name == "$word"* ]] || continue
    rest=\${name:\${#word}}
    case $open in
      '') [[ $rest ]] && printf -v rest %q "$rest" ;;
      \\') [[ $rest == *\\'* ]] && continue ;;
      *) rest=\${rest//\\\\/\\\\\\\\} rest=\${rest//\\$/\\\\$} rest=\${rest//\\\`/\\\\\\\`} rest=\${rest//\\"/\\\\\\"} ;;
    esac
    COMPREPLY+=("$piece$rest")
  done
}

# Completes a word with what is wanted there.
__mirrorctl_complete() {
  local names
  case $1 in
    mirrors | snapshots | trees)
      mapfile -t names < <("\${words[0]/#\\~\\//$HOME/}" ${completing} "$1" "$config" "\${ids[@]}" 2>/dev/null)
      compopt -o nosort
      __mirrorctl_offer "$2" "\${names[@]}"
      ;;
    files) compopt -o default ;;
    directories) compopt -o dirnames ;;
    :*)
      read -ra names <<<"\${1#:}"
      __mirrorctl_offer "$2" "\${names[@]}"
      ;;
  esac
}

# Sets what may follow these commands. An option with a value is followed by "=" and what is wanted.
__mirrorctl_at() {
  case $1 in
${places.map(placeCase).join("\n")}
    *) return 1 ;;
  esac
}

# Sets what is wanted after so many arguments. The last one may be given again if it ends with "...".
__mirrorctl_argument() {
  wanted=\${arguments[count]-}
  [[ $wanted || \${arguments[*]} != *... ]] || wanted=\${arguments[*]: -1}
  wanted=\${wanted%...}
}

_mirrorctl() {
  local IFS=$' \\t\\n' words piece open commands options arguments
  local at= config= ids=() value= option wanted word i count=0
  COMPREPLY=()
  __mirrorctl_split
  __mirrorctl_at ''
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    if [[ $value ]]; then
      [[ $value == @(-c|--config) ]] && config=$word
      value=
    else
      case $word in
        ${valueOptions(places).join(" | ")}) value=$word ;;
        --config=*) config=\${word#*=} ;;
        -*) ;;
        *)
          if __mirrorctl_at "\${at:+$at }$word"; then
            at=\${at:+$at }$word
          else
            __mirrorctl_argument
            [[ $wanted == mirrors ]] && ids+=("$word")
            count=$((count + 1))
          fi
          ;;
      esac
    fi
  done
  word=\${words[-1]}
  if [[ $value || $word == --*=* ]]; then
    [[ $value ]] || value=\${word%%=*} word=\${word#*=}
    for option in "\${options[@]}"; do
      [[ $option == "$value="* ]] && __mirrorctl_complete "\${option#*=}" "$word"
    done
  elif [[ $word == -* ]]; then
    __mirrorctl_offer "$word" "\${options[@]%%=*}"
  elif [[ $commands ]]; then
    __mirrorctl_complete ":$commands" "$word"
  else
    __mirrorctl_argument
    __mirrorctl_complete "$wanted" "$word"
  fi
}

complete -F _mirrorctl mirrorctl
`;

const placeCase = ({
  words,
  commands,
  options,
  arguments: wanted,
}: Place): string => `    '${words.join(" ")}')
      commands='${commands.map(({ name }) => name).join(" ")}'
      options=(${options.flatMap(optionWords).join(" ")})
      arguments=(${wanted.map((one) => `'${wantedWord(one.wanted)}${one.variadic ? "..." : ""}'`).join(" ")})
      ;;`;

const optionWords = ({ names, value }: PlaceOption): readonly string[] =>
  value === undefined ? names : names.map((name) => `'${name}=${wantedWord(value)}'`);

const wantedWord = (wanted: Wanted): string =>
  wanted.kind === "words" ? `:${wanted.words.join(" ")}` : wanted.kind;
