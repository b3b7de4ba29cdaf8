import { type CommandWords, pathsOf, quoted } from './command-words.ts';

/** Where nothing is known, bash takes names of files. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const valued = commands.flatMap(({ path, options }) =>
    options.flatMap(({ flag, values }) => (values ? [{ at: quoted(`${path} ${flag}`), values }] : [])),
  );
  const chosen = valued.filter(({ values }) => values.length > 0);
  const free = valued.filter(({ values }) => values.length === 0);
  return `# diptych in bash: source <(diptych completion bash)
_diptych() {
  local word path= current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  # --option=value is three words here.
  if [[ $current == = ]]; then current=
  elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${pathsOf(commands).map(quoted).join(' | ')}) path+=\${path:+ }$word ;;
    esac
  done
  local words=
  case "$path $before" in
    ${free.map(({ at }) => at).join(' | ')}) ;;
${chosen.map(({ at, values }) => `    ${at}) words=${quoted(values.join(' '))} ;;`).join('\n')}
    *)
      case "$path \${current:0:1}" in
${commands.map(caseOf).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _diptych diptych
`;
}

function caseOf({ path, words, options }: CommandWords): string {
  const flags = options.map(({ flag }) => flag).join(' ');
  const others = words.map(({ text }) => text).join(' ');
  const lines = [`${quoted(`${path} -`)}) words=${quoted(flags)} ;;`];
  if (others !== '') lines.push(`${quoted(`${path} `)} | ${quoted(`${path} `)}?) words=${quoted(others)} ;;`);
  return lines.map((line) => `        ${line}`).join('\n');
}
