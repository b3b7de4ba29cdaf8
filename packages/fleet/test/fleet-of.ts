import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddingError, type Embeddings } from '@diptych/core';
import { given } from '@diptych/golden';
import type { EmbeddingSpace } from 'diptych';
import { onTestFinished } from 'vitest';
import { type Fleet, folderSink, type JobPlan, openFleet, shardsOf, submit, type WorkOptions } from '../src/index.ts';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-fleet-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const model = { id: 'm', architecture: 'lengths', dim: 2, dtype: 'float32', files: 'f', version: '1' } as const;

/** A space of files: how long one is, and its first byte. An empty one is no image; `before` is called for each. */
export function lengths(before: (name: string) => unknown = () => {}): Pick<EmbeddingSpace, 'stream'> {
  const stream = async function* (
    _: string,
    items: AsyncIterable<unknown>,
    options: { readonly onSkip: (e: Error, i: number) => void },
  ) {
    let at = 0;
    for await (const item of items) {
      await before(String(item));
      const bytes = item instanceof Uint8Array ? item : await readFile(item as string);
      if (bytes.length === 0) {
        options.onSkip(new EmbeddingError('IMAGE_INVALID', { where: 'image', expected: 'bytes', got: 'none' }), at++);
        continue;
      }
      at++;
      yield {
        precision: 'float32',
        data: Float32Array.of(bytes.length, bytes[0]!),
        shape: [1, 2],
        model: 'm',
      } satisfies Embeddings;
    }
  };
  return given({ stream });
}

/** Files that differ, in a folder; those of `empty` have no bytes. */
export async function images(count: number, empty: readonly number[] = []) {
  const root = join(await temporaryFolder(), 'images');
  await mkdir(root);
  const names = Array.from({ length: count }, (_, i) => `${i}.jpg`);
  await Promise.all(
    names.map((name, i) =>
      writeFile(join(root, name), new Uint8Array(empty.includes(i) ? 0 : 1 + (i % 7)).fill(i % 251)),
    ),
  );
  return { root, names };
}

export async function fleetOf(
  servers: readonly string[],
  job: string,
  options: { signal?: AbortSignal; onNote?: (line: string) => void } = {},
) {
  const fleet = await openFleet({ servers, job, ...options });
  onTestFinished(() => fleet[Symbol.asyncDispose]());
  return fleet;
}

/** A job of images, as it was submitted. */
export async function submitted(
  fleet: Fleet,
  { count = 20, shardSize = 5, empty = [] as readonly number[], ackWait = 60_000 } = {},
) {
  const { root, names } = await images(count, empty);
  const data = { kind: 'images', root } as const;
  const plan: JobPlan = { data, model, precision: 'float32' };
  await submit(fleet, plan, shardsOf(data, names, { shardSize }), { ackWait });
  return { plan, names, root };
}

export async function worker(name: string, folder: string, space = lengths()): Promise<WorkOptions> {
  return { space, model, sink: await folderSink(folder), worker: name };
}
