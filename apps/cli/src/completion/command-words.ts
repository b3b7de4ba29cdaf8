import type { Command, Option } from 'commander';

/** A word that can be written, and what it is for. */
export interface Word {
  readonly text: string;
  readonly about: string;
}

export interface OptionWords {
  /** As `--output`. */
  readonly flag: string;
  readonly about: string;
  /** What its value may be; empty where that is a file or anything else, `undefined` where it has none. */
  readonly values?: readonly string[] | undefined;
}

/** What can follow a command. */
export interface CommandWords {
  /** Empty for the program itself, `cache list` for a command of a command. */
  readonly path: string;
  /** Commands, or what its argument is chosen from. */
  readonly words: readonly Word[];
  readonly options: readonly OptionWords[];
}

/** Each command of a program with what its help lists, the program itself first. */
export function commandWords(command: Command, path: readonly string[] = []): readonly CommandWords[] {
  const help = command.createHelp();
  const commands = help
    .visibleCommands(command)
    .map((one) => ({ text: one.name(), about: one.summary() || one.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const own: CommandWords = {
    path: path.join(' '),
    words: [...commands, ...choices.map((text) => ({ text, about: '' }))],
    options: help.visibleOptions(command).map(optionWords),
  };
  return [own, ...command.commands.flatMap((one) => commandWords(one, [...path, one.name()]))];
}

function optionWords({ long, description, argChoices, required, optional }: Option): OptionWords {
  return { flag: long!, about: description, values: required || optional ? (argChoices ?? []) : undefined };
}

/** Paths of all commands but the program itself. */
export function pathsOf(commands: readonly CommandWords[]): readonly string[] {
  return commands.flatMap(({ path }) => (path === '' ? [] : [path]));
}

/** In single quotes, as bash and zsh read them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
