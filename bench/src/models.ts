import { vit, vitSpec } from '@diptych/image-encoder';
import type { Checkpoint, WeightType } from '@diptych/core';
import { initializeModel, loadModel, type Model, type Spec } from '@diptych/nn';
import { clipText, clipTextSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { imageConfig, textConfig } from './clip-b32.ts';
import { imageTower, type OnnxArithmetic, textTower } from './clip-onnx.ts';
import type { Batches } from './engines.ts';
import type { Injection } from './outliers.ts';

/** One tower with random weights, the same for every model made. */
export interface BenchModel {
  readonly forward: (batch: Batches) => Float32Array;
  readonly model: (arithmetic: OnnxArithmetic) => Uint8Array;
  readonly free: () => void;
}

export async function imageModel(dtype: WeightType = 'float32', inject?: Injection): Promise<BenchModel> {
  const loaded = await loadedModel(vitSpec(imageConfig), { seed: 1, dtype, inject });
  const encoder = vit(imageConfig, loaded.params);
  return {
    forward: ({ image }) => rows(() => encoder.forward(image)),
    model: (arithmetic) => imageTower(loaded.params, arithmetic),
    free: () => loaded[Symbol.dispose](),
  };
}

export async function textModel(dtype: WeightType = 'float32', inject?: Injection): Promise<BenchModel> {
  const loaded = await loadedModel(clipTextSpec(textConfig), { seed: 2, dtype, inject });
  const encoder = clipText(textConfig, loaded.params);
  return {
    forward: ({ text }) => rows(() => encoder.forward(text)),
    model: (arithmetic) => textTower(loaded.params, arithmetic),
    free: () => loaded[Symbol.dispose](),
  };
}

interface Weights {
  readonly seed: number;
  readonly dtype: WeightType;
  readonly inject?: Injection | undefined;
}

/** Random weights, the same for the same seed, loaded as those of a file are. */
export async function loadedModel<S extends Spec>(spec: S, { seed, dtype, inject }: Weights): Promise<Model<S>> {
  using start = initializeModel(spec, seed);
  const { variables } = start;
  const values =
    inject && new Map([...variables].map(([path, tensor]) => [path, tensor.dataSync<'float32'>().slice()]));
  inject?.(values!);
  const names = Object.fromEntries([...variables.keys()].map((path) => [path, { asIs: path }]));
  const checkpoint: Checkpoint = {
    names: new Set(variables.keys()),
    shape: (name) => variables.get(name)!.shape,
    read: async (name) => {
      const data = values?.get(name) ?? (await variables.get(name)!.data<'float32'>());
      return { shape: variables.get(name)!.shape, data };
    },
  };
  // Awaited here: the start values are read meanwhile.
  return await loadModel(spec, checkpoint, { names }, { dtype });
}

/** No array leaves `tidy`, which would look for tensors among its values. */
function rows(forward: () => tf.Tensor): Float32Array {
  const tensor = tf.tidy(forward);
  const values = tensor.dataSync<'float32'>();
  tensor.dispose();
  return values;
}
