import type { Image } from '@diptych/preprocessing';

const side = 32;

/** A picture that never changes, with something in it for every model: three gradients and a checkerboard. */
export function probeImage(): Image {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const tile = ((x >> 2) + (y >> 2)) % 2;
    return [x * 8, y * 8, 255 - x * 4 - y * 4][i % 3]! * (tile === 0 ? 1 : 0.5);
  });
  return { data, width: side, height: side, channels: 3 };
}
