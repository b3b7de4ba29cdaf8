import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openTrainable } from '../src/index.ts';

beforeAll(enableAutodiff);

async function golden(name: string): Promise<Files> {
  const files = ['config.json', 'model.safetensors'].map(async (file) => {
    return [file, new Blob([await goldenBytes(`oracles/${name}/${file}`)])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(files)), name);
}

describeGolden('openTrainable', () => {
  describeBackends('gives variables with gradients', () => {
    it.each(['tiny_clip', 'tiny_siglip', 'tiny_chinese_clip'])('of %s', async (name) => {
      const inputs = await readTensors(`oracles/${name}/expected.safetensors`);
      const [images, texts] = [imageBatch(inputs.get('in.pixel_values')!), textBatch(inputs.get('in.input_ids')!)];
      const files = await golden(name);
      await expectNoLeak(async () => {
        using model = await openTrainable(files);
        const { text, image } = model.towers;
        expect(model.read).toEqual(['config.json', 'model.safetensors']);
        expect(model.placements.map(({ path }) => path)).toEqual([...model.variables.keys()]);
        // Any function of all components, that is not the same in all directions.
        const loss = () =>
          tf.tidy(() => {
            const rows = [image.encoder.forward(images), text.encoder.forward(texts)];
            return tf.addN(rows.map((one) => tf.sum<tf.Scalar>(tf.sin(tf.mul(one, tf.range(1, one.shape[1] + 1))))));
          });
        const towers = [...model.variables].filter(
          ([path, { trainable }]) => trainable && /^(text|image)\./.test(path),
        );
        const { value, grads } = tf.variableGrads(
          loss,
          towers.map(([, variable]) => variable),
        );
        const wrong: string[] = [];
        for (const [at, [path, variable]] of towers.entries()) {
          const gradient = grads[variable.name];
          const [length] = tf.tidy(() => tf.norm(gradient!).dataSync<'float32'>());
          if (!Number.isFinite(length)) wrong.push(`${path}: ${length}`);
          if (at % 4 > 0) continue;
          // Along its gradient, by central differences: keys' biases have none, since softmax does not see them.
          const step = 0.002;
          const along = (h: number) =>
            tf.tidy(() => {
              const before = tf.keep(variable.clone());
              variable.assign(tf.add(variable, tf.mul(gradient!, h / Math.max(length!, 1e-6))));
              const [found] = loss().dataSync<'float32'>();
              variable.assign(before);
              before.dispose();
              return found!;
            });
          const slope = (along(step) - along(-step)) / (2 * step);
          if (!(Math.abs(slope - length!) < 0.02 * length! + 0.02)) wrong.push(`${path}: ${slope}, ${length}`);
        }
        expect(wrong).toEqual([]);
        tf.dispose([value, grads]);
      });
    });
  });

  it('refuses one modality alone, and leaves nothing behind', async () => {
    const text = blobFiles(
      {
        'config.json': new Blob([await goldenBytes('oracles/tiny_bert/config.json')]),
        'vocab.txt': new Blob([await goldenBytes('oracles/tiny_bert/vocab.txt')]),
        'model.safetensors': new Blob([await goldenBytes('oracles/tiny_bert/model.safetensors')]),
      },
      'bert',
    );
    await expectNoLeak(async () => {
      await expect(openTrainable(text)).rejects.toMatchObject({ code: 'UNSUPPORTED', got: 'of texts' });
    });
  });
});
