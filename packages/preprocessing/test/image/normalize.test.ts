import { describe, expect, it } from 'vitest';
import { normalizePixels } from '../../src/index.ts';
import { ramp } from './golden-image.ts';

describe('normalizePixels', () => {
  const config = { rescale: 1 / 255, mean: [0.5, 0.25, 0], std: [0.5, 0.25, 1] } as const;

  it('each channel has its own statistics, from the offset on', () => {
    const out = new Float32Array(4).fill(9);
    const image = { data: Uint8Array.of(255, 0, 51), width: 1, height: 1, channels: 3 } as const;
    normalizePixels(image, config, out, 1);
    expect([...out]).toEqual([9, 1, -1, Math.fround(0.2)]);
  });

  it('anything but RGB with room for it is refused', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' }) as Error;
    expect(() => normalizePixels(ramp(1, 1, 4), config, new Float32Array(4))).toThrow(mismatch);
    expect(() => normalizePixels(ramp(1, 1, 3), config, new Float32Array(3), 1)).toThrow(mismatch);
  });
});
