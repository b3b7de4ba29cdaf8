import { type Checkpoint, EmbeddingError, type StoredTensor, type WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';
import { type Placement, storedShape } from './name-table.ts';
import { valuesOf, type Weight } from './weights.ts';

/** Order of the bytes of packed weights; another one cannot be read. */
const layout = '1';
const layoutKey = 'diptych.layout';
const typeKey = 'diptych.dtype';

/** The notes of a file of packed weights. */
export function packedNotes(dtype: WeightType): Readonly<Record<string, string>> {
  return { [layoutKey]: layout, [typeKey]: dtype };
}

/**
 * What the weights of a checkpoint are packed in, or undefined where they are not.
 *
 * @param wanted Type that was asked for, if any.
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` for another layout; `CHECKPOINT_MISMATCH` for another type.
 */
export function packedType({ metadata }: Pick<Checkpoint, 'metadata'>, wanted?: WeightType): WeightType | undefined {
  const found = metadata?.get(layoutKey);
  if (found === undefined) return undefined;
  const dtype = (['float32', 'int16', 'int8'] as const).find((type) => type === metadata!.get(typeKey));
  if (found !== layout || !dtype) {
    throw new EmbeddingError(
      'CHECKPOINT_INVALID',
      `packed weights: expected layout ${layout}, got ${found} of ${metadata!.get(typeKey)}; convert the model again`,
    );
  }
  if (wanted && wanted !== dtype) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', `packed weights: expected ${wanted}, the file has ${dtype}`);
  }
  return dtype;
}

/** What a file of packed weights holds of one parameter, which is on a backend with our kernels. */
export function packedTensor({ param }: Placement, weight: Weight, values: () => StoredTensor): StoredTensor {
  if (!param.factor || !(weight instanceof tf.Tensor)) return values();
  const words = tf.tidy(() => runFused('DiptychPackedBytes', { weight }, {})?.dataSync<'int32'>());
  if (!words) throw new EmbeddingError('UNSUPPORTED', 'packed weights: expected the kernels of the wasm backend');
  const data = new Uint8Array(words.slice().buffer);
  return { shape: [data.length], data };
}

/** The weight that a file holds packed. */
export function readPacked({ param, path }: Placement, { data }: StoredTensor, dtype: WeightType): tf.Tensor {
  if (!(data instanceof Uint8Array)) {
    throw new EmbeddingError('CHECKPOINT_INVALID', `${path}: expected the bytes of a packed weight, got other numbers`);
  }
  const weight = runFused('DiptychReadPacked', {}, { shape: param.shape, dtype, values: data });
  if (weight) return weight;
  throw new EmbeddingError('UNSUPPORTED', `${path}: packed weights need the kernels of the wasm backend`);
}

/** The values of a parameter as one array. */
export function joined(placement: Placement, parts: readonly StoredTensor[]): StoredTensor {
  return { shape: storedShape(placement), data: valuesOf(placement, parts) };
}
