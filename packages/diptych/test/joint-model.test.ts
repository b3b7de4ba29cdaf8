import { adamW, infoNce, infoNceSpec, optimizer, train, warmupCosine } from '@diptych/alignment';
import { useBackend } from '@diptych/backend-wasm';
import { captionRetrieval, cosineScores } from '@diptych/evaluation';
import { gatedFusion, gatedSpec } from '@diptych/fusion';
import { describeGolden } from '@diptych/golden';
import { smallCnn, type SmallCnnConfig, smallCnnSpec } from '@diptych/image-encoder';
import {
  batchNorm,
  type BatchNormalize,
  initializeModel,
  l2Normalize,
  linear,
  linearSpec,
  logSigmoid,
  type ParamsOf,
  trainingBatchNorm,
} from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { expectNoLeak } from '@diptych/testkit';
import { clipText, type ClipTextConfig, clipTextSpec } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { contextLength, emojiPairs, type EmojiPairs, pairsWithin, vocabSize } from './emoji-pairs.ts';

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
/** Smaller in Chromium. */
const [emoji, batchSize, steps] = inNode ? [96, 32, 60] : [40, 20, 40];

const dim = 32;
const imageConfig: SmallCnnConfig = { widths: [16, 32, 64], dim };
const textConfig: ClipTextConfig = {
  vocabSize,
  contextLength,
  width: 32,
  layers: 2,
  heads: 2,
  mlpWidth: 64,
  dim,
  activation: 'gelu',
  layerNormEpsilon: 1e-5,
  endOfText: vocabSize - 1,
};
const fusionConfig = { parts: { image: dim, text: dim }, dim: 16 };

const spec = {
  image: smallCnnSpec(imageConfig),
  text: clipTextSpec(textConfig),
  fusion: gatedSpec(fusionConfig),
  match: linearSpec(16, 1),
  ...infoNceSpec(),
};
type Params = ParamsOf<typeof spec>;

/** Unit rows of both modalities. */
function embed(params: Params, { images, texts }: EmojiPairs, normalize: BatchNormalize) {
  return {
    image: l2Normalize(smallCnn(imageConfig, params.image, { normalize }).forward(images)),
    text: l2Normalize(clipText(textConfig, params.text).forward(texts)),
  };
}

/** Contrast within the batch, and whether the joint row of a picture and a name tells that they belong together. */
function jointLoss(params: Params, pairs: EmojiPairs): tf.Scalar {
  const { image, text } = embed(params, pairs, trainingBatchNorm());
  const shifted = tf.concat([tf.slice(text, [1, 0]), tf.slice(text, [0, 0], [1, -1])]);
  const fusion = gatedFusion(fusionConfig, params.fusion);
  const logit = (other: tf.Tensor2D) => linear(params.match, fusion.forward({ image, text: other }));
  const likelihood = tf.add(tf.mean(logSigmoid(logit(text))), tf.mean(logSigmoid(tf.neg(logit(shifted)))));
  return tf.sub(infoNce(image, text, params.logScale), likelihood);
}

describeGolden('a network and a transformer, trained together', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    await enableAutodiff();
  });

  it('learn from emoji and their names, and leave no tensor behind', async () => {
    const pairs = await emojiPairs(emoji, Math.floor(1600 / emoji));
    await expectNoLeak(async () => {
      using model = initializeModel(spec, 1);
      using adam = optimizer(model.variables, adamW());
      const loss = (step: number) => {
        const start = (step * batchSize) % emoji;
        return jointLoss(model.params, pairsWithin(pairs, start, start + batchSize));
      };
      const losses: number[] = [];
      const batches = Array.from({ length: steps }, (_, step) => step);
      for await (const record of train({ optimizer: adam, batches, loss, schedule: warmupCosine(5e-3, 5, steps) })) {
        losses.push(record.loss);
      }
      expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
      // By chance it is a tenth.
      expect(await recallOf(model.params, pairs)).toBeGreaterThan(0.5);
    });
  });
});

/** Share of names whose picture is among the best tenth of all. */
async function recallOf(params: Params, pairs: EmojiPairs): Promise<number> {
  const [image, text] = tf.tidy(() => {
    const rows = embed(params, pairs, batchNorm);
    return [rows.image.dataSync<'float32'>(), rows.text.dataSync<'float32'>()];
  });
  const shape = [emoji, dim] as const;
  const scores = cosineScores({ data: image, shape }, { data: text, shape });
  const tenth = Math.floor(emoji / 10);
  const metrics = await captionRetrieval(scores, { ks: [tenth] });
  return metrics[`image_retrieval_recall@${tenth}`]!;
}
