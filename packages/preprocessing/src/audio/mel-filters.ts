/** What a filter takes of a spectrum. */
export interface MelFilter {
  /** Of the first weight. */
  readonly begin: number;
  readonly weights: Float64Array;
}

export interface MelRange {
  /** Of the sound, in hertz. */
  readonly sampleRate: number;
  /** Samples of a frame. */
  readonly fftSize: number;
  readonly bins: number;
  /** In hertz. */
  readonly lowest: number;
  /** In hertz. */
  readonly highest: number;
}

/** Triangles on the mel scale of Slaney's Auditory Toolbox, 1998, each of area 1 over hertz: `librosa.filters.mel`. */
export function melFilters({ sampleRate, fftSize, bins, lowest, highest }: MelRange): readonly MelFilter[] {
  const [first, last] = [mel(lowest), mel(highest)];
  const edges = Array.from({ length: bins + 2 }, (_, i) => hertz(first + (i * (last - first)) / (bins + 1)));
  const spacing = Math.floor(sampleRate / 2) / (fftSize / 2);
  return Array.from({ length: bins }, (_, i) => {
    const [left, centre, right] = edges.slice(i, i + 3) as [number, number, number];
    const begin = Math.max(0, Math.ceil(left / spacing));
    const end = Math.min(fftSize / 2, Math.floor(right / spacing));
    const weights = Float64Array.from({ length: Math.max(0, end - begin + 1) }, (_w, k) => {
      const at = (begin + k) * spacing;
      const height = Math.max(0, Math.min((at - left) / (centre - left), (right - at) / (right - centre)));
      return (height * 2) / (right - left);
    });
    return { begin, weights };
  });
}

/** Linear below 1000 hertz, which are 15 mels, and logarithmic above: 27 mels for a factor of 6.4. */
const bend = 15;

function mel(frequency: number): number {
  return frequency < 1000 ? (3 * frequency) / 200 : bend + (27 * Math.log(frequency / 1000)) / Math.log(6.4);
}

function hertz(mels: number): number {
  return mels < bend ? (200 * mels) / 3 : 1000 * Math.exp((Math.log(6.4) / 27) * (mels - bend));
}
