import { Argument, type Command } from 'commander';
import type { Io } from '../io.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function defineCompletion(command: Command, io: Io, program: Command): void {
  command
    .summary('what makes a shell complete commands and options')
    .description('Prints a script that makes a shell complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'whose script is printed').choices(shells))
    .addHelpText('after', usage)
    .action(async (shell: Shell) => {
      const { completion } = await import('../actions/completion.ts');
      await completion(shell, program, io);
    });
}

const usage = `
In a file that the shell reads when it starts:
  bash  ~/.bashrc                   source <(diptych completion bash)
  zsh   ~/.zshrc, after compinit    source <(diptych completion zsh)
  fish  ~/.config/fish/config.fish  diptych completion fish | source`;
