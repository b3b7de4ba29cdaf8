import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { encodeSafetensors } from '@diptych/checkpoint';
import { openLastGood } from '@diptych/checkpoint/node';
import { replaceFile } from '@diptych/files/node';
import { bundled } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { withFolder } from './with-folder.ts';

const numbered = (number: number) => encodeSafetensors([['x', { shape: [1], data: Float32Array.of(number) }]]);

async function numberIn(path: string): Promise<number | undefined> {
  const data = (await (await openLastGood(path))?.read('x'))?.data;
  const [first] = data ?? [];
  expect(data?.every((value) => value === first) ?? true).toBe(true);
  return first as number | undefined;
}

describe('replaceFile', () => {
  it('keeps the file that was there before, and no rest', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'state');
      expect(await openLastGood(path)).toBeUndefined();
      for (const number of [1, 2, 3]) await replaceFile(path, numbered(number));
      expect(await numberIn(path)).toBe(3);
      expect(new Uint8Array(await readFile(`${path}.previous`))).toEqual(numbered(2));
      expect((await readdir(folder)).toSorted()).toEqual(['state', 'state.previous']);
    });
  });

  it('gives the one before where the last is missing or cut short, and says so', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'state');
      for (const number of [1, 2]) await replaceFile(path, numbered(number));
      await truncate(path, 60);
      const told: string[] = [];
      const file = await openLastGood(path, { onDamaged: (error) => told.push(error.code) });
      expect([...(await file!.read('x')).data]).toEqual([1]);
      expect(told).toEqual(['CHECKPOINT_INVALID']);
      await rm(path);
      expect(await numberIn(path)).toBe(1);
      await writeFile(`${path}.previous`, 'nothing');
      await expect(openLastGood(path)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
    });
  });

  it('finds what had no name yet when a damaged file was replaced, and no torn beginning', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'state');
      await writeFile(`${path}.partial`, numbered(1).subarray(0, 60));
      expect(await openLastGood(path)).toBeUndefined();
      await writeFile(`${path}.previous`, 'damaged');
      await expect(openLastGood(path)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
      await writeFile(`${path}.partial`, numbered(1));
      expect(await numberIn(path)).toBe(1);
    });
  });

  it('loses nothing that it acknowledged to kill -9 at any moment', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'state');
      const script = bundled('test/node/replace-child.ts');
      for (let round = 0; round < 12; round++) {
        const child = spawn(process.execPath, [script, path]);
        let acknowledged = 0;
        createInterface(child.stdout).on('line', (line) => (acknowledged = Number(line)));
        await once(child.stdout, 'data');
        await setTimeout(7 * round);
        child.kill('SIGKILL');
        await once(child, 'close');
        const found = (await numberIn(path))!;
        expect(found === acknowledged || found === acknowledged + 1, `${found} after ${acknowledged}`).toBe(true);
      }
    });
  });
});
