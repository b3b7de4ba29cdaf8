import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inFolders } from './killed-stores.ts';
import { expectWhole, written } from './killed-writer.ts';

it.each(Object.entries(inFolders))(
  '%s, killed while it writes, keeps whole calls and all acknowledged',
  async (name, open) => {
    const folder = await mkdtemp(join(tmpdir(), 'diptych-killed-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const calls of [1, 2, 5, 9, 14]) {
      const { acknowledged } = await written(name, folder, calls, (child) => child.kill('SIGKILL'));
      await using store = await open(folder);
      await expectWhole(store, acknowledged);
      expect(acknowledged).toBeGreaterThan(0);
    }
  },
);
