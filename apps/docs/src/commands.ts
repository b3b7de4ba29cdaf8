import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../cli/src/', import.meta.url));

/** Commands of the command line, and every option that its source names. */
export async function commandLine(): Promise<{ commands: ReadonlySet<string>; options: ReadonlySet<string> }> {
  const files = (await readdir(cli, { recursive: true })).filter((path) => path.endsWith('.ts'));
  const commands = files.flatMap((path) => /^commands\/([\w-]+)\.ts$/.exec(path)?.[1] ?? []);
  const texts = await Promise.all(files.map((path) => readFile(`${cli}${path}`, 'utf8')));
  const options = texts.flatMap((text) => text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []);
  return { commands: new Set(commands), options: new Set(options) };
}
