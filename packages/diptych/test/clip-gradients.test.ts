import { describeGolden, goldenJson } from '@diptych/golden';
import { openClipVisionNames, vit, type VitConfig, vitSpec } from '@diptych/image-encoder';
import { enableAutodiff, joinNames, l2Normalize, loadModel, logSoftmax, param, place, zeros } from '@diptych/nn';
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
import { expect, test } from 'vitest';

interface Golden {
  readonly text: readonly (readonly number[])[];
  readonly loss_first3: number;
  readonly grad_norms: Readonly<Record<string, number>>;
}

const shared = { activation: 'quick_gelu', layerNormEpsilon: 1e-5, dim: 32, layers: 3 };
const textConfig: ClipTextConfig = {
  ...shared,
  vocabSize: 200,
  contextLength: 16,
  width: 64,
  heads: 4,
  mlpWidth: 256,
  endOfText: 'largest',
};
const imageConfig: VitConfig = {
  ...shared,
  imageSize: 32,
  patchSize: 8,
  width: 128,
  heads: 2,
  mlpWidth: 512,
  positionResize: 'open_clip',
};
const spec = { text: clipTextSpec(textConfig), image: vitSpec(imageConfig), logScale: param([], zeros) };
const names = joinNames({
  text: openClipTextNames,
  image: openClipVisionNames,
  logScale: { names: { '': 'logit_scale' } },
});

describeGolden('training CLIP', () => {
  describeBackends("OpenAI's own code", () => {
    test('has the same loss, and gradients of the same length for every array', async () => {
      await enableAutodiff();
      const golden = await goldenJson<Golden>('golden/openai_clip_tiny/vit.json');
      const io = await readTensors('golden/openai_clip_tiny/vit.io.safetensors');
      const checkpoint = await openGolden('golden/openai_clip_tiny/vit.safetensors');
      const images = imageBatch(io.get('image')!);
      const texts = textBatch({ shape: [3, 16], data: Int32Array.from(golden.text.slice(0, 3).flat()) });

      await expectNoLeak(async () => {
        using model = await loadModel(spec, checkpoint, names);
        const { text, image, logScale } = model.params;
        const loss = () => {
          const rows = l2Normalize(vit(imageConfig, image).forward(images));
          const columns = l2Normalize(clipText(textConfig, text).forward(texts));
          const logits = tf.mul<tf.Tensor2D>(tf.matMul(rows, columns, false, true), tf.exp(logScale));
          return crossEntropyBothWays(logits);
        };
        tf.tidy(() => {
          const { value, grads } = tf.variableGrads(loss, [...model.variables.values()]);
          expect(value.dataSync()[0]).toBeCloseTo(golden.loss_first3, 5);
          const variables = [...model.variables.values()];
          const got = place(spec, checkpoint, names).map(({ from }, i) => {
            return [from[0]!, tf.norm(grads[variables[i]!.name]!).dataSync()[0]!] as const;
          });
          expect(got.map(([name]) => name).toSorted()).toEqual(Object.keys(golden.grad_norms).toSorted());
          const ratios = got.map(([name, norm]) => norm / golden.grad_norms[name]!);
          expectClose(ratios, new Float32Array(ratios.length).fill(1), 1e-4);
        });
      });
    });
  });
});

/** Mean over rows and columns of the cross-entropy whose answer is the diagonal. */
function crossEntropyBothWays(logits: tf.Tensor2D): tf.Scalar {
  const pairs = tf.eye(logits.shape[0]);
  const mean = (x: tf.Tensor2D) => tf.div(tf.sum(tf.mul(logSoftmax(x), pairs)), -logits.shape[0]);
  return tf.div(tf.add(mean(logits), mean(tf.transpose(logits))), 2);
}
