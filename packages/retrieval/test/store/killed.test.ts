import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openers } from './killed-stores.ts';

const script = fileURLToPath(new URL('killed-child.ts', import.meta.url));

/** Rows that a process had been told to be stored when it was killed, some `calls` calls after its start. */
async function killedAfter(name: string, folder: string, calls: number): Promise<number> {
  const options = ['--conditions=@diptych/source', '--import', 'tsx', script, name, folder];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let acknowledged = 0;
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    if (++seen === calls) child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
}

it.each(Object.entries(openers))(
  '%s, killed while it writes, keeps whole calls and all acknowledged',
  async (name, open) => {
    const folder = await mkdtemp(join(tmpdir(), 'diptych-killed-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const calls of [1, 2, 5, 9, 14]) {
      const acknowledged = await killedAfter(name, folder, calls);
      await using store = await open(folder);
      const count = await store.count();
      expect(store.recovered.rows).toBe(count);
      expect(count % 3, 'a call is stored whole').toBe(0);
      expect(count).toBeGreaterThanOrEqual(acknowledged);
      expect(count).toBeLessThanOrEqual(acknowledged + 3);
      const found = await store.get(Array.from({ length: count }, (_, i) => String(i)));
      found.forEach((stored, i) => {
        expect(stored!.metadata).toEqual({ at: i });
        expect(stored!.row.data.every((value) => value === i)).toBe(true);
      });
    }
  },
);
