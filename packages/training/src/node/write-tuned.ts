import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeSafetensors, rewriteSafetensors } from '@diptych/checkpoint';
import { EmbeddingError, type StoredTensor, turn } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { beside } from '@diptych/files/node';
import type { Tunable } from '../tuning/tunable.ts';
import { tunedArrays } from '../tuning/tuned-arrays.ts';
import type { TunedTraining } from '../tuning/tuned-training.ts';

/** What others read of a model besides what we do, and its card. */
const described =
  /^(README\.md|LICEN[CS]E[^/]*|(.*\/)?[\w-]*(config|tokenizer|vocab|merges|special_tokens_map|added_tokens|modules|spiece|sentencepiece)[\w.-]*\.(json|txt|model))$/;
export const weights: RegExp = /\.(safetensors|bin)$/;
const torch = /(open_clip_)?pytorch_model[^/]*\.bin$/;

/**
 * A model in the layout that it came in: its files as they are, but for the arrays that a run changed, each in its own type.
 * What torch saved becomes safetensors in float32, under the name that is looked for first.
 */
export async function writeTuned(
  folder: string,
  training: Pick<TunedTraining, 'trained' | 'settle'>,
  base: Tunable,
  signal?: AbortSignal,
): Promise<void> {
  const { files, read } = base;
  const arrays = tunedArrays(training, base);
  const listed = (await files.paths?.(signal)) ?? [];
  const pickled = read.filter((path) => torch.test(path));
  const indices = pickled.length > 0 ? /\.index\.json$/ : /$^/;
  const others = [...new Set([...read, ...listed.filter((path) => described.test(path))])].filter((path) => {
    return !weights.test(path) && !indices.test(path);
  });
  await beside(folder, async (partial) => {
    const write = async (path: string, bytes: Uint8Array) => {
      await turn(signal);
      await mkdir(dirname(join(partial, path)), { recursive: true });
      await writeFile(join(partial, path), bytes, { signal });
    };
    for (const path of others) {
      const source = await opened(files, path, signal);
      await write(path, await source.read(0, source.size, signal));
    }
    for (const path of read.filter((one) => one.endsWith('.safetensors'))) {
      const source = await opened(files, path, signal);
      await write(path, await rewriteSafetensors(source, (name) => arrays.get(name), signal));
    }
    if (pickled[0] === undefined) return;
    const path = pickled[0].replace(torch, '$1model.safetensors');
    await write(path, encodeSafetensors(await everyArray(base, arrays, signal), { format: 'pt' }));
  });
}

async function opened(files: Tunable['files'], path: string, signal?: AbortSignal): Promise<ByteSource> {
  const source = await files.open(path, signal);
  if (source) return source;
  throw new EmbeddingError('NOT_FOUND', {
    where: `${files.id}/${path}`,
    expected: 'what was read before',
    got: 'none',
  });
}

async function everyArray(
  { checkpoint }: Tunable,
  changed: ReadonlyMap<string, Float32Array>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const all = new Map<string, StoredTensor>();
  for (const name of checkpoint.names) {
    const data = changed.get(name);
    all.set(name, data ? { shape: checkpoint.shape(name), data } : await checkpoint.read(name, signal));
  }
  return all;
}
