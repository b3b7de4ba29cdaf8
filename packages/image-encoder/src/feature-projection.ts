import { EmbeddingError, type Encoder, expectMembers, type FeatureBatch } from '@diptych/core';
import { linear, type Linear, linearSpec, type NameTable, type ParamsOf, variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Features that a frozen network gave, to embeddings: the image branch of VSE++, Faghri et al. 2018, arXiv:1707.05612. */
export interface FeatureProjectionConfig {
  /** Length of a feature vector. */
  readonly inputs: number;
  /** Length of an embedding. */
  readonly dim: number;
}

export function featureProjectionSpec(config: FeatureProjectionConfig): Linear {
  const { inputs, dim } = expectMembers(config, 'config', 'inputs', 'dim');
  return linearSpec(inputs, dim);
}

/** `forward` throws `SHAPE_MISMATCH` for features of another length. VSE++ normalises what comes out. */
export function featureProjection(config: FeatureProjectionConfig, params: ParamsOf<Linear>): Encoder<FeatureBatch> {
  const { inputs, dim } = expectMembers(config, 'config', 'inputs', 'dim');
  return {
    dim,
    variables: variablesOf(params),
    forward({ values, shape }) {
      if (shape[1] !== inputs || values.length !== shape[0] * inputs) {
        throw new EmbeddingError('SHAPE_MISMATCH', { where: 'features', expected: `[n, ${inputs}]`, got: shape });
      }
      return linear(params, tf.tensor2d(values, [...shape]));
    },
  };
}

/** The first state dict of a VSE++ checkpoint, trained on precomputed features. */
export const vseImageNames: NameTable = { names: { weight: 'fc.weight', bias: 'fc.bias' } };
