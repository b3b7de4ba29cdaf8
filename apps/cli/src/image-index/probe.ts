import type { Image } from '@diptych/preprocessing';
import type { Sound } from '@diptych/preprocessing/audio';

const side = 32;

/** Three gradients and a checkerboard. */
export function probeImage(): Image {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const tile = ((x >> 2) + (y >> 2)) % 2;
    return [x * 8, y * 8, 255 - x * 4 - y * 4][i % 3]! * (tile === 0 ? 1 : 0.5);
  });
  return { data, width: side, height: side, channels: 3 };
}

/** A second of a tone that rises to 8 kHz, with pauses. */
export function probeSound(): Sound {
  const sampleRate = 16_000;
  const samples = Float32Array.from({ length: sampleRate }, (_, i) => {
    return i % 4000 < 3000 ? 0.5 * Math.sin((Math.PI * i * i) / (2 * sampleRate)) : 0;
  });
  return { samples, sampleRate };
}
