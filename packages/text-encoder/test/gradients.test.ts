import type { Encoder, TextBatch } from '@diptych/core';
import { given } from '@diptych/golden';
import { initializeModel, type ParamsOf, type Spec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectGradients, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  bert,
  type BertConfig,
  bertSpec,
  chineseClipText,
  chineseClipTextSpec,
  clapText,
  clapTextSpec,
  jinaBert,
  jinaBertSpec,
  modernBert,
  type ModernBertConfig,
  modernBertSpec,
  nomicBert,
  type NomicBertConfig,
  nomicBertSpec,
  siglipText,
  siglipTextSpec,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const sizes = { vocabSize: 9, contextLength: 6, width: 8, layers: 1, heads: 2, mlpWidth: 12 } as const;
const like = { ...sizes, activation: 'gelu', layerNormEpsilon: 1e-5, pooling: 'mean' } as const;
const plain: BertConfig = { ...like, tokenTypes: 2 };
const mpnet: BertConfig = { ...like, tokenTypes: 0, paddingId: 1, relativeBuckets: 32, contextLength: 10 };
const clap = {
  ...plain,
  tokenTypes: 1,
  paddingId: 1,
  contextLength: 10,
  dim: 5,
  projectionActivation: 'relu',
} as const;
const modern: ModernBertConfig = {
  ...like,
  layers: ['global', 'local'],
  reach: 1,
  bases: { global: 160, local: 10 },
};
const nomic = (rotaryPairs: NomicBertConfig['rotaryPairs']): NomicBertConfig => ({
  ...like,
  tokenTypes: 2,
  rotaryBase: 10,
  rotaryPairs,
});

/** Two texts, the second shorter. */
const batch: TextBatch = {
  ids: Int32Array.of(2, 5, 7, 8, 4, 3, 2, 6, 3, 1, 1, 1),
  mask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0),
  shape: [2, 6],
};

interface Network {
  readonly spec: Spec;
  readonly encoder: (params: never) => Encoder<TextBatch>;
}

function network<S extends Spec>(spec: S, encoder: (params: ParamsOf<S>) => Encoder<TextBatch>): Network {
  return { spec, encoder };
}

const networks: Readonly<Record<string, Network>> = {
  BERT: network(bertSpec(plain), (params) => bert(plain, params)),
  'MPNet with relative buckets': network(bertSpec(mpnet), (params) => bert(mpnet, params)),
  'JinaBERT with ALiBi and GEGLU': network(jinaBertSpec(plain), (params) => jinaBert(plain, params)),
  'ModernBERT with windows and GEGLU': network(modernBertSpec(modern), (params) => modernBert(modern, params)),
  'Nomic with halves and SwiGLU': network(nomicBertSpec(nomic('halves')), (params) =>
    nomicBert(nomic('halves'), params),
  ),
  'Nomic with neighbours': network(nomicBertSpec(nomic('neighbours')), (params) =>
    nomicBert(nomic('neighbours'), params),
  ),
  SigLIP: network(siglipTextSpec({ ...like, dim: 5 }), (params) => siglipText({ ...like, dim: 5 }, params)),
  'Chinese-CLIP': network(chineseClipTextSpec({ ...plain, dim: 5 }), (params) =>
    chineseClipText({ ...plain, dim: 5 }, params),
  ),
  'CLAP with a pooler': network(clapTextSpec(clap), (params) => clapText(clap, params)),
};

describeBackends('networks of texts', () => {
  test.each(Object.entries(networks))('%s has the gradient of every variable', async (_, { spec, encoder }) => {
    await expectNoLeak(async () => {
      using model = initializeModel(spec, 1);
      const { forward, variables } = encoder(given(model.params));
      // Layers that begin at nothing would have slopes of nothing.
      tf.tidy(() => {
        for (const own of variables) own.assign(tf.add(own, tf.randomUniform(own.shape, -0.3, 0.3, 'float32', 7)));
      });
      expect(variables).toHaveLength(model.variables.size);
      await expectGradients(() => tf.sum(tf.square(forward(batch))), variables);
    });
  });
});
