import { type CommandWords, type OptionWords, pathsOf, quoted } from './command-words.ts';

/** Works as a file `_diptych` of `fpath` and by `source`. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  return `#compdef diptych
# diptych in zsh: source <(diptych completion zsh), after compinit
_diptych() {
  local word at
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      (${pathsOf(commands).map(quoted).join('|')}) at+=\${at:+ }$word ;;
    esac
  done
  case $at in
${commands.map(caseOf).join('\n')}
  esac
}
if [[ $funcstack[1] == _diptych ]]; then _diptych "$@"; else compdef _diptych diptych; fi
`;
}

function caseOf({ path, words, options }: CommandWords): string {
  const described = words.map(({ text, about }) => `${text}\\:${quotedAbout(about)}`).join(' ');
  const rest = words.length > 0 ? `*: :((${described}))` : '*: :_files';
  return `    (${quoted(path)}) _arguments ${[...options.map(argument), rest].map(quoted).join(' ')} ;;`;
}

function argument({ flag, about, values }: OptionWords): string {
  const text = `[${about.replaceAll(/[[\]:\\]/g, String.raw`\$&`)}]`;
  if (!values) return flag + text;
  return `*${flag}=${text}:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}`;
}

function quotedAbout(text: string): string {
  return `"${text.replaceAll(/["\\$`:]/g, String.raw`\$&`)}"`;
}
