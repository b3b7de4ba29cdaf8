import { EmbeddingError, type Checkpoint } from '@diptych/core';
import type { ModelFiles } from './model-files.ts';
import { openSafetensors } from './safetensors.ts';
import { openSharded, type OpenShard } from './sharded.ts';
import { stripPrefixes } from './strip-prefix.ts';
import { openTorchZip } from './torch/torch-zip.ts';

interface Layout {
  readonly file: string;
  readonly open: OpenShard;
  /** Taken off the names where all of them begin so. */
  readonly prefixes: readonly string[];
}

/** Training scripts save `{ state_dict }`, and data-parallel ones call the model `module`. */
const saved = ['state_dict.', 'module.'];

/** Where weights are looked for, in this order, and what reads them. */
const layouts: readonly Layout[] = [
  { file: 'model.safetensors', open: openSafetensors, prefixes: [] },
  { file: 'open_clip_model.safetensors', open: openSafetensors, prefixes: [] },
  { file: 'pytorch_model.bin', open: openTorchZip, prefixes: saved },
  { file: 'open_clip_pytorch_model.bin', open: openTorchZip, prefixes: saved },
];

/**
 * The weights of a model, in one file or in shards with an index: safetensors, or else what torch saved.
 *
 * @throws {EmbeddingError} `NOT_FOUND`, listing the files looked for; `CHECKPOINT_INVALID` as the readers of the
 *   formats do, and when shards and index disagree.
 */
export async function openCheckpoint(files: ModelFiles, signal?: AbortSignal): Promise<Checkpoint> {
  for (const { file, open, prefixes } of layouts) {
    signal?.throwIfAborted();
    const whole = await files.open(file, signal);
    if (whole) return stripPrefixes(await open(whole, signal), prefixes);
    const index = await files.open(indexOf(file), signal);
    if (index) return stripPrefixes(await openSharded(index, files, open, signal), prefixes);
  }
  const wanted = layouts.flatMap(({ file }) => [file, indexOf(file)]).join(', ');
  throw new EmbeddingError('NOT_FOUND', `${files.id}: expected one of ${wanted}, found none`);
}

function indexOf(file: string): string {
  return `${file}.index.json`;
}
