import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bundled } from '@diptych/golden';
import { expect, it } from 'vitest';
import { hostile } from './hostile-tokenizers.ts';

/** A tokenizer that takes longer is one that hangs, on a machine that is busy too. */
const patience = 20_000;

/** How each ends, in a process that has 300 MB for its objects and is killed when one takes too long. */
async function outcomes(): Promise<Record<string, unknown>> {
  const flags = ['--max-old-space-size=300', bundled('test/node/hostile-child.ts')];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = () => child.kill('SIGKILL');
  let timer = setTimeout(kill, patience);
  const found: [string, unknown][] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer);
    timer = setTimeout(kill, patience);
    found.push(JSON.parse(line) as [string, unknown]);
  }
  clearTimeout(timer);
  return Object.fromEntries(found);
}

it('a tokenizer of a stranger is refused or linear, in time and in memory', async () => {
  const wanted = Object.fromEntries(Object.entries(hostile).map(([name, { want }]) => [name, want]));
  expect(await outcomes()).toEqual(wanted);
});
