import { type CommandWords, type OptionWords, pathsOf } from './command-words.ts';

/** Works as `~/.config/fish/completions/diptych.fish` and by `source`. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  return `# diptych in fish: diptych completion fish | source
function __diptych_at
    set -l path
    for word in (commandline -opc)[2..-1]
        switch "$path $word"
            case ${pathsOf(commands)
              .map((path) => quoted(path.includes(' ') ? path : ` ${path}`))
              .join(' ')}
                set -a path $word
        end
    end
    test "$path" = "$argv[1]"
end
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, words, options }: CommandWords): readonly string[] {
  const start = `complete -c diptych -n ${quoted(`__diptych_at "${path}"`)}`;
  return [
    ...words.map(({ text, about }) => `${start} -f -a ${text}${described(about)}`),
    ...options.map((option) => `${start} -l ${option.flag.slice(2)}${valueOf(option)}${described(option.about)}`),
  ];
}

function valueOf({ values }: OptionWords): string {
  if (!values) return '';
  return values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ' -r';
}

function described(about: string): string {
  return about === '' ? '' : ` -d ${quoted(about)}`;
}

/** In single quotes, as fish reads them. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
