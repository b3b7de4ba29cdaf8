import type { Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { commandWords } from '../completion/command-words.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Shell } from '../commands/completion.ts';
import { type Io, write } from '../io.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Prints what makes a shell complete every command of a program. */
export async function completion(shell: Shell, program: Command, io: Io): Promise<void> {
  await write(io.stdout, scripts[shell](commandWords(program)));
}
