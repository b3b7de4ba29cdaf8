import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import type { ImageBatch } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import {
  clipImageProcessor,
  type ImageProcessorConfig,
  imageProcessor,
  openClipImageProcessor,
  parseImageProcessor,
} from '../../src/index.ts';
import { goldenImage, manifest, ramp, sha256 } from './golden-image.ts';

/** Pixels of image `index` as the references keep them, `[3, height, width]`. */
function planes({ pixels, shape: [, height, width] }: ImageBatch, index = 0): Float32Array {
  const count = height * width;
  const start = index * count * 3;
  return Float32Array.from({ length: count * 3 }, (_, i) => pixels[start + (i % count) * 3 + Math.floor(i / count)]!);
}

describeGolden('pixel values against the references', () => {
  it('CLIP and SigLIP of Hugging Face and open_clip, bit for bit', async () => {
    const { processors, sources } = await manifest();
    const pipelines = {
      hf_clip_pil: imageProcessor(clipImageProcessor),
      hf_siglip_pil: imageProcessor(parseImageProcessor({ image_processor_type: 'SiglipImageProcessor' })),
      open_clip: imageProcessor(openClipImageProcessor({ imageSize: 224 })),
    };
    for (const row of processors) {
      const image = await goldenImage(`oracles/${sources[row.source]!.file}`);
      for (const [name, pipeline] of Object.entries(pipelines)) {
        const batch = await pipeline([image]);
        expect(batch.shape).toEqual([1, 224, 224, 3]);
        const expected = row[name as keyof typeof pipelines].sha256_f32le;
        expect(await sha256(planes(batch)), `${row.source} ${name}`).toBe(expected);
      }
    }
    expect(processors.length).toBe(10);
  });

  it('CLIP at 32 pixels equals the stored tensors', async () => {
    const small = imageProcessor(parseImageProcessor({ size: 32, crop_size: { height: 32, width: 32 } }));
    const names = ['rgb_333x250', 'rgb_37x53'];
    const batch = await small(await Promise.all(names.map((name) => goldenImage(`oracles/pil/${name}.png`))));
    const stored = await readTensors('oracles/pil/pixel_values_32.safetensors');
    for (const [i, name] of names.entries()) expect(await sha256(planes(batch, i))).toBe(await sha256(stored(name)));
  });

  async function readTensors(path: string): Promise<(name: string) => Float32Array> {
    const bytes = await goldenBytes(path);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    return (name) => {
      const [from, to] = header[name]!.data_offsets;
      return new Float32Array(bytes.slice(8 + length + from, 8 + length + to).buffer);
    };
  }
});

interface Photo {
  input: string;
  n: number;
  expected_png: string;
  first5_chw: number[];
  chan_mean: [number, number, number];
}

describeGolden('photographs against Pillow and torchvision', () => {
  const clipOf = (size: number) => imageProcessor(openClipImageProcessor({ imageSize: size }));
  const raw = (size: number) =>
    imageProcessor({ ...openClipImageProcessor({ imageSize: size }), rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] });

  it('the cropped bytes are the same and the values follow', async () => {
    const { cases } = await goldenJson<{ cases: Photo[] }>('golden/preprocess/preprocess.json');
    for (const { input, n, expected_png, first5_chw, chan_mean } of cases) {
      const image = await goldenImage(`golden/preprocess/${input}`);
      const expected = await goldenImage(`golden/preprocess/${expected_png}`);
      const bytes = await raw(n)([image]);
      expect(await sha256(Uint8Array.from(bytes.pixels)), `against ${expected_png}`).toBe(await sha256(expected.data));
      const values = planes(await clipOf(n)([image]));
      first5_chw.forEach((value, i) => expect(Math.abs(values[i]! - value)).toBeLessThan(1e-6));
      chan_mean.forEach((mean, c) => {
        const plane = values.subarray(c * n * n, (c + 1) * n * n);
        expect(Math.abs(plane.reduce((sum, v) => sum + v, 0) / plane.length - mean)).toBeLessThan(1e-6);
      });
    }
    expect(cases.length).toBe(12);
  });
});

describe('imageProcessor', () => {
  const tiny: ImageProcessorConfig = {
    ...clipImageProcessor,
    resize: { mode: 'exact', width: 3, height: 2, filter: 'box' },
  };
  delete (tiny as { crop?: unknown }).crop;

  it('keeps the order of a batch', async () => {
    const images = [ramp(4, 4, 3), ramp(9, 3, 1), ramp(2, 8, 4)];
    const batch = await imageProcessor(tiny)(images);
    const single = await Promise.all(images.map(async (image) => (await imageProcessor(tiny)([image])).pixels));
    expect(batch.shape).toEqual([3, 2, 3, 3]);
    expect(batch.pixels).toEqual(Float32Array.from(single.flatMap((pixels) => [...pixels])));
  });

  it('an extreme ratio needs no more than the crop', async () => {
    const batch = await imageProcessor(clipImageProcessor)([ramp(60_000, 1, 3)]);
    expect(batch.shape).toEqual([1, 224, 224, 3]);
    expect(batch.pixels.every(Number.isFinite)).toBe(true);
  });

  it('pads with black what a crop lacks, before normalising', async () => {
    const config: ImageProcessorConfig = {
      toRgb: 'before',
      crop: { width: 3, height: 1 },
      rescale: 1,
      mean: [1, 1, 1],
      std: [2, 2, 2],
    };
    const { pixels } = await imageProcessor(config)([{ data: Uint8Array.of(5), width: 1, height: 1, channels: 1 }]);
    expect([...pixels]).toEqual([-0.5, -0.5, -0.5, 2, 2, 2, -0.5, -0.5, -0.5]);
  });

  it('images that end at different sizes are no batch', async () => {
    const config: ImageProcessorConfig = { toRgb: 'before', rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
    await expect(imageProcessor(config)([ramp(2, 2), ramp(2, 3)])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });

  it('a side that no model has is refused before any image', () => {
    const plain = { toRgb: 'before', rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] } as const;
    const filter = 'bilinear';
    const configs: readonly ImageProcessorConfig[] = [
      { ...plain, crop: { width: 30_000, height: 2 } },
      { ...plain, crop: { width: 2, height: -2 } },
      { ...plain, resize: { mode: 'exact', width: 30_000, height: 30_000, filter } },
      { ...plain, resize: { mode: 'shortest', size: 0.5, filter } },
    ];
    for (const config of configs) {
      expect(() => imageProcessor(config)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });

  it('an image that would end at more than 4096 x 4096 is refused', async () => {
    const resize = { mode: 'shortest', size: 4096, filter: 'bilinear' } as const;
    const config: ImageProcessorConfig = { toRgb: 'before', resize, rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
    await expect(imageProcessor(config)([ramp(1, 1000)])).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('an aborted signal rejects with its reason', async () => {
    const reason = new Error('enough');
    await expect(imageProcessor(tiny)([ramp(2, 2)], AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('no images are an empty batch', async () => {
    expect((await imageProcessor(clipImageProcessor)([])).shape[0]).toBe(0);
  });
});
