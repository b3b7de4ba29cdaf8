import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openers } from './killed-stores.ts';
import { expectWhole, written } from './killed-writer.ts';

it.each(['file', 'libsql', 'lancedb'])(
  '%s, killed while it writes, keeps whole calls and all acknowledged',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'diptych-killed-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const calls of [1, 2, 5, 9, 14]) {
      const { acknowledged } = await written(name, folder, calls, (child) => child.kill('SIGKILL'));
      await using store = await openers[name]!(folder);
      await expectWhole(store, acknowledged);
      expect(acknowledged).toBeGreaterThan(0);
    }
  },
);
