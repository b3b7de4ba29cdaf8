import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embeddings } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { subjectsOf } from '../src/bench/subject.ts';
import { processIo } from '../src/process-io.ts';
import { temporaryFolder } from './workspace.ts';

it('a batch of bench holds 268 MB of decoded pixels, and takes the first images again', async () => {
  const folder = await temporaryFolder();
  const create = { width: 7000, height: 7000, channels: 3, background: '#fff' } as const;
  await sharp({ create, limitInputPixels: false }).png().toFile(join(folder, 'a.png'));
  await copyFile(join(folder, 'a.png'), join(folder, 'b.png'));
  const [subject] = await subjectsOf(['image'], { images: folder, texts: undefined, batch: [3] }, processIo());
  const given: unknown[] = [];
  const embed = async (_: string, items: readonly unknown[]): Promise<Embeddings> => {
    given.push(...items);
    return { precision: 'float32', data: new Float32Array(0), shape: [0, 1], model: 'm' };
  };
  await subject!.batch({ embed } as Pick<EmbeddingSpace, 'embed'>, 3);
  expect(subject!.items).toBe(2);
  expect(given.length).toBe(3);
  expect(new Set(given).size).toBe(1);
});
