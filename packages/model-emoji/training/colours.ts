type Random = () => number;

/** Changes the colours of a view, `[pixels, 4]`, multiplied by alpha: what is added is added times alpha. */
export function tint(view: Float32Array, random: Random): void {
  if (random() < 0.25) return;
  const contrast = 0.75 + 0.5 * random();
  const gains = [0, 1, 2].map(() => contrast * (0.75 + 0.5 * random()));
  const saturation = random() < 0.08 ? 0 : 0.6 + 0.9 * random();
  const shift = 0.5 * (1 - contrast) + 0.25 * (random() - 0.5);
  for (let at = 0; at < view.length; at += 4) {
    const alpha = view[at + 3]!;
    const grey = 0.3 * view[at]! + 0.59 * view[at + 1]! + 0.11 * view[at + 2]!;
    for (let c = 0; c < 3; c++) {
      const value = (grey + saturation * (view[at + c]! - grey)) * gains[c]! + shift * alpha;
      view[at + c] = Math.min(alpha, Math.max(0, value));
    }
  }
}

/** Mostly white, else one colour or a gradient; `[size, size, 3]` in `[0, 1]`. */
export function background(size: number, random: Random): Float32Array {
  const out = new Float32Array(size * size * 3);
  const kind = random();
  if (kind < 0.6) return out.fill(1);
  const from = colour(random);
  const to = kind < 0.8 ? from : colour(random);
  const horizontal = random() < 0.5;
  for (let i = 0; i < size * size; i++) {
    const along = (horizontal ? i % size : Math.floor(i / size)) / size;
    for (let c = 0; c < 3; c++) out[i * 3 + c] = from[c]! + along * (to[c]! - from[c]!);
  }
  return out;
}

function colour(random: Random): number[] {
  const light = random();
  return [0, 1, 2].map(() => Math.min(1, Math.max(0, light + 0.6 * (random() - 0.5))));
}
