import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bundled } from '@diptych/golden';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'diptych-fit-'))));
afterAll(async () => rm(folder, { recursive: true }));

function train(path: string) {
  const child = spawn(process.execPath, [bundled('test/training/fit-child.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, ended: once(child, 'exit') };
}

/** Resolves at some moment: soon after the beginning of the `count`th write of a state. */
async function someMoment(path: string, count: number, signal: AbortSignal): Promise<void> {
  let begun = 0;
  for await (const { filename, eventType } of watch(folder, { signal })) {
    // Linux tells of the file's beginning and of its renaming.
    if (join(folder, filename ?? '') === `${path}.partial` && eventType === 'rename') begun += 0.5;
    if (begun > count - 1) return;
  }
}

/** Trains until it has ended by itself, killed again and again before. */
async function trainKilled(path: string): Promise<Record<'code' | 'kills' | 'torn', number>> {
  for (let [kills, torn] = [0, 0]; ; kills++) {
    const { child, ended } = train(path);
    const stop = new AbortController();
    const moment = someMoment(path, 1 + ((3 * kills) % 8), stop.signal).then(async () => setTimeout(2 * (kills % 9)));
    await Promise.race([moment, ended]);
    child.kill('SIGKILL');
    const [code] = (await ended) as [number | null];
    stop.abort();
    await moment.catch(() => undefined);
    if (code !== null) {
      return { code, kills, torn };
    }
    if (existsSync(`${path}.partial`)) torn++;
  }
}

it(
  'a run that is killed again and again, also while it writes, ends with the same bits',
  { timeout: 300_000 },
  async () => {
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    const { ended } = train(whole);
    expect(await ended).toEqual([0, null]);
    const { code, kills, torn } = await trainKilled(killed);
    expect(code).toBe(0);
    expect(kills).toBeGreaterThan(2);
    expect(torn).toBeGreaterThan(0);
    for (const end of ['', '.done']) {
      expect((await readFile(`${killed}${end}`)).equals(await readFile(`${whole}${end}`))).toBe(true);
    }
  },
);
