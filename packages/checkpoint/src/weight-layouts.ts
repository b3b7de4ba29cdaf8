import { openSafetensors } from './safetensors.ts';
import type { OpenShard } from './sharded.ts';
import { openTorchZip } from './torch/torch-zip.ts';

export interface WeightLayout {
  readonly file: string;
  readonly open: OpenShard;
  /** Taken off the names where all of them begin so. */
  readonly prefixes: readonly string[];
}

/** Training scripts save `{ state_dict }`, and data-parallel ones call the model `module`. */
const saved = ['state_dict.', 'module.'];

/** Where weights are looked for, in this order, and what reads them. */
export const weightLayouts: readonly WeightLayout[] = [
  { file: 'model.safetensors', open: openSafetensors, prefixes: [] },
  { file: 'open_clip_model.safetensors', open: openSafetensors, prefixes: [] },
  { file: 'pytorch_model.bin', open: openTorchZip, prefixes: saved },
  { file: 'open_clip_pytorch_model.bin', open: openTorchZip, prefixes: saved },
];

/** Name of the index where such a file is split into shards. */
export function indexOf(file: string): string {
  return `${file}.index.json`;
}
