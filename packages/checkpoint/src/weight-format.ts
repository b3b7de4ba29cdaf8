import type { Checkpoint } from '@diptych/core';
import { openSafetensors } from './safetensors.ts';
import type { OpenShard } from './by-header.ts';
import { openTorchZip } from './open-torch-zip.ts';
import { withoutTraining } from './without-training.ts';

/** What a file of weights is read by. */
export interface WeightFormat {
  readonly open: OpenShard;
  /** The model alone of what was saved. */
  readonly model: (checkpoint: Checkpoint) => Checkpoint;
}

const safetensors: WeightFormat = { open: openSafetensors, model: (checkpoint) => checkpoint };
const torch: WeightFormat = { open: openTorchZip, model: withoutTraining };

/** The format of a file by the end of its name. */
export function formatOf(file: string): WeightFormat {
  return file.endsWith('.safetensors') ? safetensors : torch;
}
