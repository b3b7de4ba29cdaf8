import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../src/completion/command-words.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const isThere = async (program: string) =>
  promisify(execFile)('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
const [hasScript, hasZsh, hasFish] = await Promise.all(['script', 'zsh', 'fish'].map(isThere));

/** A folder with a file `picture.png` and the script of a shell. */
async function completedFolder(shell: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'picture.png'), '');
  const run = await runCli(['completion', shell]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  await writeFile(join(folder, 'completion'), run.stdout);
  return folder;
}

/** What a person types, with tabs, and the words that the program is then called with. */
const typed: readonly (readonly [keys: string, words: readonly string[]])[] = [
  ['emb\tpic\t --form\tnp\t', ['embed', 'picture.png', '--format', 'npy']],
  ['cache ver\t--rep\t', ['cache', 'verify', '--repair']],
  ['cache li\t', ['cache', 'list']],
  ['embed --format=js\t', ['embed', '--format=jsonl']],
  ['verify --ref\tpic\t', ['verify', '--reference', 'picture.png']],
  ['classify --tem\tx pic\t', ['classify', '--template', 'x', 'picture.png']],
  ['comp\tz\t', ['completion', 'zsh']],
];

/** The words that an interactive shell in a terminal calls `diptych` with. */
async function called(folder: string, command: string): Promise<string[][]> {
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm', ZDOTDIR: folder },
  });
  terminal.stdout.resume();
  terminal.stdin.end(`${typed.map(([keys]) => `diptych ${keys}\n`).join('')}exit\n`);
  await once(terminal, 'exit');
  const lines = (await readFile(join(folder, 'called'), 'utf8')).trim().split('\n');
  return lines.map((line) => line.slice(1, -1).split('><'));
}

const program = `source ./completion; diptych() { printf '<%s>' "$@" >> called; echo >> called; }\n`;

describe('what diptych completion prints', () => {
  it.skipIf(!hasScript)('completes in bash', async () => {
    const folder = await completedFolder('bash');
    await writeFile(join(folder, 'rc'), program);
    expect(await called(folder, 'bash --noprofile --rcfile rc -i')).toEqual(typed.map(([, words]) => words));
  });

  it.skipIf(!hasScript || !hasZsh)('completes in zsh, whose options take = for their value', async () => {
    const folder = await completedFolder('zsh');
    await writeFile(join(folder, '.zshrc'), `autoload -U compinit; compinit -u -D; ${program}`);
    const words = typed.map(([, each]) => each.join(' ').replaceAll(/(--(?:format|reference|template)) /g, '$1='));
    expect((await called(folder, 'zsh -i')).map((each) => each.join(' '))).toEqual(words);
  });

  it.skipIf(!hasFish)('completes in fish', async () => {
    const folder = await completedFolder('fish');
    const offered = async (line: string) => {
      const script = `source completion; complete -C '${line}'`;
      const { stdout } = await promisify(execFile)('fish', ['-N', '-c', script], {
        cwd: folder,
        env: { ...process.env, HOME: folder },
      });
      return stdout
        .trim()
        .split('\n')
        .map((each) => each.split('\t')[0]);
    };
    expect(await offered('diptych emb')).toEqual(['embed']);
    expect(await offered('diptych cache ver')).toEqual(['verify']);
    expect(await offered('diptych cache verify --rep')).toEqual(['--repair']);
    expect(await offered('diptych embed --format ')).toEqual(['jsonl', 'npy', 'table']);
    expect(await offered('diptych embed pic')).toEqual(['picture.png']);
    expect(await offered('diptych completion ')).toEqual(['bash', 'fish', 'zsh']);
  });

  it.each(['bash', 'zsh', 'fish'])('has every command and option of help, in %s', async (shell) => {
    const { stdout } = await runCli(['completion', shell]);
    const [root, cache] = [await runCli(['--help']), await runCli(['cache', '--help'])];
    const listed = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, word]) => word!);
    const commands = listed(root.stdout, /^ {2}([a-z]+) {2}/gm);
    expect(commands.length).toBeGreaterThan(12);
    const helps = await Promise.all(commands.map((name) => runCli([name, '--help'])));
    const options = helps.flatMap((help) => listed(help.stdout, /^ {2}(?:-\w, )?--([a-z-]+)/gm));
    for (const word of [...commands, ...options, ...listed(cache.stdout, /^ {2}([a-z]+) {2}/gm)])
      expect(stdout).toContain(word);
  });

  it('is of one of three shells', async () => {
    const run = await runCli(['completion', 'tcsh']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});

it('quotes what is said of an option', async () => {
  const tricky = new Command('diptych')
    .option('--a <x>', `it's "$HOME" \`x\` [a:b] \\`)
    .command('one')
    .summary(`it's: "$x"`);
  const commands = commandWords(tricky.parent!);
  const folder = await temporaryFolder();
  for (const shell of ['bash', ...(hasZsh ? ['zsh'] : []), ...(hasFish ? ['fish'] : [])]) {
    const { [`${shell}Completion`]: script } = (await import(`../src/completion/${shell}.ts`)) as Record<
      string,
      (words: unknown) => string
    >;
    await writeFile(join(folder, shell), script!(commands));
    await promisify(execFile)(shell, ['-n', join(folder, shell)]);
  }
  expect(commands.map(({ path }) => path)).toEqual(['', 'one']);
});
