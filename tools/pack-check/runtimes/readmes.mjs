import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeReadmeFiles } from './readme-files.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const packages = join(root, 'packages');

/** A place for each package: its README's first example after its install line, and nothing else. */
export const readmes = await Promise.all((await readdir(packages)).map(readme));

async function readme(folder) {
  const text = await readFile(join(packages, folder, 'README.md'), 'utf8');
  const [, name] = /^# (\S+)/m.exec(text);
  const [, installed] = /^npm install (.*)$/m.exec(text);
  const [, code] = /```ts\n([^]*?)```/.exec(text);
  return {
    name: `README of ${name}`,
    tools: ['node@24.22.3'],
    install: installed.split(' '),
    files: ['readme'],
    write: { 'example.ts': code },
    ...(code.includes('.png') && { prepare: (project) => writeReadmeFiles(root, project) }),
    ways: {
      '': {
        run: 'node --import ./print-json.js example.ts',
        prints: [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]),
      },
    },
  };
}
