import { openCheckpoint } from '@diptych/checkpoint';
import { type ImageBatch, seededRandom } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { open } from '../src/index.ts';
import {
  type ChangeLayer,
  type MobileNetFiles,
  newerKeras,
  pooledByLayers,
  readMobileNet,
  withoutTop,
} from './tfjs-mobilenet.ts';

const dim = 768;
/** Fewer in Chromium, which reads them from a server. */
const photos = 'document' in globalThis ? 10 : 100;

describeGolden('MobileNet v1 for TensorFlow.js', () => {
  let golden: MobileNetFiles;
  beforeAll(async () => {
    golden = await readMobileNet();
  });
  const changed = (change: ChangeLayer) => golden.changed(change);
  const withConfig = (name: string, fields: Readonly<Record<string, unknown>>) =>
    changed((layer) => (layer.config['name'] === name ? { ...layer, config: { ...layer.config, ...fields } } : layer));

  describeBackends('its features', () => {
    // Both sides are float32 through 27 layers, and features go up to 6.
    it('are those of tfjs-layers', async () => {
      await expectNoLeak(async () => {
        using space = await open(golden.files());
        expect([space.architecture, space.dim, space.modalities]).toEqual(['mobilenet_v1', dim, ['image']]);
        const batch = noise(2, 224);
        const { data } = await space.encode('image', batch, { normalize: false });
        expectClose(data, await pooledByLayers(golden, batch), 3e-5);
      });
    });
  });

  describeBackends('another description of the same model', () => {
    it.each<[what: string, description: () => Files]>([
      ['TensorFlow.js', () => golden.files({ modelTopology: golden.json.modelTopology.model_config })],
      ['newer versions of Keras', () => changed(newerKeras)],
      ['Keras without the classifier', () => changed(withoutTop)],
    ])('by %s gives the same features', async (_what, description) => {
      const batch = noise(1, 64);
      using space = await open(golden.files());
      const expected = await space.encode('image', batch);
      using other = await open(description());
      expect((await other.encode('image', batch)).data).toEqual(expected.data);
    });
  });

  // The stored rows show detail that photos of 144 pixels do not have: they were made from larger copies. The cosine of
  // 100 photos to them is 0.887 in the mean and 0.805 at least; with Pillow's other filters the mean is 0.875 (nearest,
  // box), 0.888 (lanczos), 0.890 (bicubic) and 0.891 (hamming), with TensorFlow's own bilinear 0.885. COCO's photos
  // lose as much of their features when they are shrunk so: 0.92 remain as JPEG of that size, 0.97 without JPEG.
  describe('photos of Flickr8k', () => {
    it('are nearest to their own of 8,091 rows that others stored', async () => {
      const names = await goldenJson<string[]>('data/flickr8k/mobilenet_v1_075_gap_order.json');
      const stored = { precision: 'float32', data: await storedRows(), shape: [names.length, dim] } as const;
      const at = Array.from({ length: photos }, (_, i) => Math.floor((i * names.length) / photos));
      await expectNoLeak(async () => {
        using space = await open(golden.files(), { backend: 'wasm' });
        const images = await Promise.all(at.map((i) => goldenBytes(`data/flickr8k/images/${names[i]}`)));
        const cosines = space.similarity(await space.embed('image', images), { ...stored, model: space.id });
        const rows = at.map((_, k) => cosines.subarray(k * names.length, (k + 1) * names.length));
        expect(rows.map((row) => row.indexOf(Math.max(...row)))).toEqual(at);
        expect(rows.reduce((sum, row, k) => sum + row[at[k]!]!, 0) / photos).toBeGreaterThan(0.88);
      });
    });
  });

  describe('a model that computes something else is refused by the layer', () => {
    it.each<[problem: string, description: () => Files, named: RegExp]>([
      [
        'another network',
        () => withConfig('conv_dw_1', { name: 'dense' }),
        /expected MobileNet v1.*got input_1, conv1/,
      ],
      ['a graph', () => golden.files({ modelTopology: { node: [] } }), /LayersModel/],
      [
        'another stride',
        () => withConfig('conv_pw_3', { strides: [2, 2] }),
        /'conv_pw_3': strides: .*\[1,1\].*\[2,2\]/,
      ],
      [
        'another padding',
        () => withConfig('conv_dw_2', { padding: 'valid' }),
        /'conv_dw_2': padding: .*"same".*"valid"/,
      ],
      ['a dilation', () => withConfig('conv_dw_9', { dilation_rate: [2, 2] }), /'conv_dw_9': dilation_rate/],
      ['channels first', () => withConfig('conv1', { data_format: 'channels_first' }), /'conv1': data_format/],
      ['an activation inside', () => withConfig('conv_pw_1', { activation: 'relu' }), /'conv_pw_1': activation/],
      [
        'another activation',
        () => withConfig('conv_dw_4_relu', { activation: 'relu' }),
        /'conv_dw_4_relu': activation/,
      ],
      ['another epsilon', () => withConfig('conv_dw_7_bn', { epsilon: 0.01 }), /'conv_dw_7': epsilon.*0\.001.*0\.01/],
      ['a missing layer', () => without('conv_pw_6_bn'), /'conv_pw_6_bn'.*got .*'conv_pw_6_relu'/],
      ['half a block', () => without('conv_pw_13', 'conv_pw_13_bn', 'conv_pw_13_relu'), /'conv_dw_13'.*pointwise/],
      ['an open size', () => withConfig('input_1', { batch_input_shape: [null, null, null, 3] }), /'input_1'.*fixed/],
      ['zeros on the wrong side', () => changed((layer) => newerKeras(layer, [1, 0])), /padding.*\[\[0,1\],\[0,1\]\]/],
      ['zeros and odd sides', () => oddSides(), /'input_1'.*32 divides/],
    ])('%s', async (_problem, description, named) => {
      await expectNoLeak(async () => {
        await expect(open(description())).rejects.toMatchObject({ code: 'UNSUPPORTED' });
        await expect(open(description())).rejects.toThrow(named);
      });
    });

    it('other weights than its layers have', async () => {
      await expectNoLeak(async () => {
        const wider = open(withConfig('conv_pw_2', { filters: 100 }));
        await expect(wider).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
        await expect(wider).rejects.toThrow(/conv_pw_2\/kernel \[1,1,48,96\]/);
      });
    });

    it('a wish for packed weights', async () => {
      const packed: string[] = [];
      const opened = open(golden.files(), { onPacked: (name) => packed.push(name) });
      await expect(opened).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        where: expect.stringMatching(/model\.json: onPacked$/),
        expected: expect.stringContaining('TensorFlow.js'),
      });
      expect(packed).toEqual([]);
    });

    it('layers that are none', async () => {
      const modelTopology = { config: { layers: [{ class_name: 'Conv2D' }] } };
      await expect(open(golden.files({ modelTopology }))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    });

    const without = (...names: readonly string[]) =>
      changed((layer) => (names.includes(layer.config['name'] as string) ? [] : layer));
    const oddSides = () =>
      changed((layer) => {
        if (layer.class_name !== 'InputLayer') return newerKeras(layer);
        return { ...layer, config: { ...layer.config, batch_input_shape: [null, 160, 200, 3] } };
      });
  });
});

/** `[8091, 768]` in half precision after the header of the file. */
async function storedRows(): Promise<Float32Array> {
  const bytes = await goldenBytes('data/flickr8k/mobilenet_v1_075_gap_f16.npy');
  const data = bytes.subarray(bytes.length - 8091 * dim * 2);
  const text = new TextEncoder().encode(
    JSON.stringify({ rows: { dtype: 'F16', shape: [8091, dim], data_offsets: [0, data.length] } }),
  );
  const file = new Blob([BigUint64Array.of(BigInt(text.length)), text, data]);
  const checkpoint = await openCheckpoint(blobFiles({ 'model.safetensors': file }, 'rows'));
  return (await checkpoint.read('rows')).data as Float32Array;
}

function noise(n: number, side: number): ImageBatch {
  const random = seededRandom(5);
  const pixels = Float32Array.from({ length: n * side * side * 3 }, () => 2 * random() - 1);
  return { pixels, shape: [n, side, side, 3] };
}
