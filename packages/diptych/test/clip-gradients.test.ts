import type { Encoder, ImageBatch } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import {
  clipResnet,
  type ClipResnetConfig,
  clipResnetSpec,
  openClipResnetNames,
  openClipVisionNames,
  vit,
  type VitConfig,
  vitSpec,
} from '@diptych/image-encoder';
import {
  joinNames,
  l2Normalize,
  loadModel,
  logSoftmax,
  type NameTable,
  param,
  type ParamsOf,
  place,
  type Spec,
  zeros,
} from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  describeBackends,
  expectClose,
  expectNoLeak,
  imageBatch,
  openGolden,
  readTensors,
  textBatch,
} from '@diptych/testkit';
import { clipText, type ClipTextConfig, clipTextSpec, openClipTextNames } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';

beforeAll(enableAutodiff);

interface Golden {
  readonly text: readonly (readonly number[])[];
  readonly loss_first3: number;
  readonly grad_norms: Readonly<Record<string, number>>;
}

/** An image tower and what its file calls it. */
interface Case<S extends Spec> {
  readonly file: string;
  readonly textLayers: number;
  readonly spec: S;
  readonly names: NameTable;
  readonly encoder: (params: ParamsOf<S>) => Encoder<ImageBatch>;
}

const textConfig: ClipTextConfig = {
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  dim: 32,
  layers: 3,
  vocabSize: 200,
  contextLength: 16,
  width: 64,
  heads: 4,
  mlpWidth: 256,
  endOfText: 'largest',
};
const vitConfig: VitConfig = {
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  dim: 32,
  layers: 3,
  imageSize: 32,
  patchSize: 8,
  width: 128,
  heads: 2,
  mlpWidth: 512,
  positionResize: 'open_clip',
};
const resnetConfig: ClipResnetConfig = { imageSize: 64, width: 8, depths: [1, 2, 1, 1], heads: 4, dim: 32 };

const transformer = {
  file: 'vit',
  textLayers: 3,
  spec: vitSpec(vitConfig),
  names: openClipVisionNames,
  encoder: (params: ParamsOf<ReturnType<typeof vitSpec>>) => vit(vitConfig, params),
};
const residual = {
  file: 'rn',
  textLayers: 2,
  spec: clipResnetSpec(resnetConfig),
  names: openClipResnetNames,
  encoder: (params: ParamsOf<ReturnType<typeof clipResnetSpec>>) => clipResnet(resnetConfig, params),
};

describeGolden('training CLIP', () => {
  describeBackends("OpenAI's own code", () => {
    test('has the same loss and lengths of gradients with the transformer', () => expectGradients(transformer));
    test('has the same loss and lengths of gradients with the residual network', () => expectGradients(residual));
  });
});

async function expectGradients<S extends Spec>(tower: Case<S>): Promise<void> {
  const path = `golden/openai_clip_tiny/${tower.file}`;
  const golden = await goldenJson<Golden>(`${path}.json`);
  const io = await readTensors(`${path}.io.safetensors`);
  const checkpoint = await openGolden(`${path}.safetensors`);
  const images = imageBatch(io.get('image')!);
  const texts = textBatch({ shape: [3, 16], data: Int32Array.from(golden.text.slice(0, 3).flat()) });
  const config = { ...textConfig, layers: tower.textLayers };
  const spec = { text: clipTextSpec(config), image: tower.spec, logScale: param([], zeros) };
  const logScaleNames = { names: { '': 'logit_scale' } };
  const names = joinNames({ text: openClipTextNames, image: tower.names, logScale: logScaleNames });

  await expectNoLeak(async () => {
    using model = await loadModel(spec, checkpoint, names);
    const { text, image, logScale } = model.params;
    const loss = () => {
      const rows = l2Normalize(tower.encoder(image).forward(images));
      const columns = l2Normalize(clipText(config, text).forward(texts));
      return crossEntropyBothWays(tf.mul(tf.matMul(rows, columns, false, true), tf.exp(logScale)));
    };
    tf.tidy(() => {
      const trained = place(spec, checkpoint, names).filter(({ path: at }) => model.variables.get(at)!.trainable);
      const variables = trained.map(({ path: at }) => model.variables.get(at)!);
      const { value, grads } = tf.variableGrads(loss, variables);
      expect(value.dataSync()[0]).toBeCloseTo(golden.loss_first3, 5);
      expect(trained.flatMap(({ from }) => from).toSorted()).toEqual(Object.keys(golden.grad_norms).toSorted());
      // A parameter stacked from several arrays has their gradients side by side.
      const expected = trained.map(({ from }) => Math.hypot(...from.map((name) => golden.grad_norms[name]!)));
      const ratios = variables.map(({ name }, i) => tf.norm(grads[name]!).dataSync()[0]! / expected[i]!);
      expectClose(ratios, new Float32Array(ratios.length).fill(1), 1e-4);
    });
  });
}

/** Mean over rows and columns of the cross-entropy whose answer is the diagonal. */
function crossEntropyBothWays(logits: tf.Tensor2D): tf.Scalar {
  const pairs = tf.eye(logits.shape[0]);
  const mean = (x: tf.Tensor2D) => tf.div(tf.sum(tf.mul(logSoftmax(x), pairs)), -logits.shape[0]);
  return tf.div(tf.add(mean(logits), mean(tf.transpose(logits))), 2);
}
