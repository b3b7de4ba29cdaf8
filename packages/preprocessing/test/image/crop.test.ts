import { describeGolden } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { centerCrop, pad, shortestEdgeSize } from '../../src/index.ts';
import { cropWindow } from '../../src/image/image.ts';
import { manifest, ramp } from './golden-image.ts';

describeGolden('against Hugging Face and torchvision', () => {
  it('crops and zero padding fall on the same pixels', async () => {
    for (const { in_hw, crop_hw, hf_pil, torchvision } of (await manifest()).center_crop) {
      const image = ramp(in_hw[1], in_hw[0]);
      const crop = { width: crop_hw[1], height: crop_hw[0] };
      expect([...centerCrop(image, { ...crop, rounding: 'hf' }).data]).toEqual(hf_pil.flat());
      expect([...centerCrop(image, { ...crop, rounding: 'torchvision' }).data]).toEqual(torchvision.flat());
    }
  });

  it('the shortest edge and the crop offsets are the same', async () => {
    for (const row of (await manifest()).shortest_edge_sizes) {
      const size = shortestEdgeSize({ width: row.in_wh[0], height: row.in_wh[1] }, row.short);
      expect(size).toEqual({ width: row.out_wh[0], height: row.out_wh[1] });
      const crop = { width: 224, height: 224 };
      expect(cropWindow(size, { ...crop, rounding: 'hf' })).toMatchObject(topLeft(row.hf_crop_top_left));
      expect(cropWindow(size, { ...crop, rounding: 'torchvision' })).toMatchObject(
        topLeft(row.torchvision_crop_top_left),
      );
    }
  });

  const topLeft = ([top, left]: [number, number]) => ({ top, left });
});

describe('pad', () => {
  it('surrounds a smaller image with zeros and leaves a larger side alone', () => {
    const out = pad(ramp(3, 1), { width: 2, height: 3 });
    expect(out).toEqual({ ...ramp(3, 1), height: 3, data: Uint8Array.of(0, 0, 0, 1, 2, 3, 0, 0, 0) });
  });
});

describe('shortestEdgeSize', () => {
  it('swapping the sides swaps the result', () => {
    expect(shortestEdgeSize({ width: 300, height: 7 }, 224)).toEqual({ width: 9600, height: 224 });
    expect(shortestEdgeSize({ width: 7, height: 300 }, 224)).toEqual({ width: 224, height: 9600 });
  });
});
