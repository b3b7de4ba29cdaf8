import { type Checkpoint, seededRandom, type WeightType } from '@diptych/core';
import { vit, vitSpec } from '@diptych/image-encoder';
import { initializeModel, loadModel, type Spec } from '@diptych/nn';
import { clipText, clipTextSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchModel } from './bench-models.ts';

export type TowerName = 'image' | 'text';

/** A tower on the backend that was in use when it was made. */
export interface Tower extends Disposable {
  /** Computes `items` of them at once, until the rows are there. */
  run(items: number): Promise<void>;
}

/** A tower with random weights and random inputs: pixels that are read, and texts as long as the context. */
export async function tower(name: TowerName, { image, text }: BenchModel, dtype: WeightType): Promise<Tower> {
  const random = seededRandom(7);
  if (name === 'image') {
    const model = await randomModel(vitSpec(image), dtype);
    const encoder = vit(image, model.params);
    const { imageSize: size } = image;
    return towerOf(model, (n) => {
      const pixels = Float32Array.from({ length: n * size * size * 3 }, () => 4 * random() - 2);
      return () => encoder.forward({ pixels, shape: [n, size, size, 3] });
    });
  }
  const model = await randomModel(clipTextSpec(text), dtype);
  const encoder = clipText(text, model.params);
  const { contextLength: length, vocabSize } = text;
  return towerOf(model, (n) => {
    // The largest id ends a text.
    const ids = Int32Array.from({ length: n * length }, (_, i) =>
      i % length === length - 1 ? vocabSize - 1 : Math.floor(random() * (vocabSize - 2)),
    );
    const mask = new Int32Array(ids.length).fill(1);
    return () => encoder.forward({ ids, mask, shape: [n, length] });
  });
}

function towerOf(model: Disposable, inputs: (items: number) => () => tf.Tensor): Tower {
  const made = new Map<number, () => tf.Tensor>();
  return {
    async run(items) {
      const forward = made.get(items) ?? inputs(items);
      made.set(items, forward);
      const rows = tf.tidy(forward);
      await rows.data();
      rows.dispose();
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

/** Loaded as from a file, which rounds and packs weights. */
async function randomModel<S extends Spec>(spec: S, dtype: WeightType) {
  const start = initializeModel(spec, 1);
  try {
    const { variables } = start;
    const names = Object.fromEntries([...variables.keys()].map((path) => [path, { asIs: path }]));
    const shape = (name: string) => variables.get(name)!.shape;
    const checkpoint: Checkpoint = {
      names: new Set(variables.keys()),
      shape,
      read: async (name) => ({ shape: shape(name), data: await variables.get(name)!.data<'float32'>() }),
    };
    return await loadModel(spec, checkpoint, { names }, { dtype });
  } finally {
    start.dispose();
  }
}
