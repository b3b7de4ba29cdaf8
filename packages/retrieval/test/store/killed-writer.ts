import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bundled } from '@diptych/golden';
import { expect, onTestFinished } from 'vitest';
import type { Store } from '../../src/index.ts';

/** What a process was told to be stored before it ended, and what it said in the end. */
export interface Written {
  readonly acknowledged: number;
  readonly errors: string;
}

/** A process that writes to the store of a place until something stops it: `stop`, after some calls. */
export async function written(
  name: string,
  place: string,
  calls: number,
  stop: (child: ChildProcess) => void,
): Promise<Written> {
  const args = [bundled('test/store/killed-child.ts'), name, place];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let acknowledged = 0;
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    if (++seen === calls) stop(child);
  }
  await exited;
  if (seen < calls) throw new Error(`the writer ended early: ${errors}`);
  return { acknowledged, errors };
}

/** Three rows a call, all acknowledged and at most one call more, each row whole. */
export async function expectWhole(store: Store, acknowledged: number): Promise<void> {
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
