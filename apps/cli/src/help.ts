import type { Command, HelpConfiguration, Option } from 'commander';

/** How help reads: commands by their name, choices without quotes and with the default among them. */
export const help: HelpConfiguration = {
  subcommandTerm: (command: Command) => command.name(),
  optionDescription({ description, argChoices, defaultValue, defaultValueDescription, required }: Option) {
    const choices = argChoices?.map((choice) => (choice === defaultValue ? `${choice} (default)` : choice));
    const shown = choices ? `${description}: ${choices.join(', ')}` : description;
    const value = defaultValueDescription ?? (choices || !required ? undefined : defaultValue);
    return value === undefined ? shown : `${shown} (default: ${String(value)})`;
  },
};
