import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../search.mjs', import.meta.url));
const site = fileURLToPath(new URL('../../../docs/site/', import.meta.url));

it('is what "A first search in Node" shows, and prints what that says', async () => {
  const page = await readFile(`${site}start/node.md`, 'utf8');
  const [, code] = /```ts run\n([^]*?)```/.exec(page)!;
  expect(await readFile(program, 'utf8')).toBe(code);

  const flags = ['--conditions=@diptych/source', '--import', import.meta.resolve('tsx'), program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: `${site}public` });
  expect(stdout).toBe(/```txt\n([^]*?)```/.exec(page)![1]);
});
