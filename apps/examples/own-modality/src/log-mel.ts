import { EmbeddingError, kindOf } from '@diptych/core';
import { powerSpectrum } from './power-spectrum.ts';

/** What the spectra of a sound are made with; frequencies in Hz, lengths in samples. */
export interface LogMelConfig {
  readonly rate: number;
  /** Of all sounds: shorter ones are repeated as often as they fit, then silence follows; longer ones are cut off. */
  readonly length: number;
  /** A power of two. */
  readonly window: number;
  readonly hop: number;
  readonly bins: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Frames of a sound. */
export function framesOf({ length, hop }: LogMelConfig): number {
  return 1 + Math.floor(length / hop);
}

/**
 * Power in mel bands in decibels, `[frames, bins]`, as `ClapFeatureExtractor` of transformers computes it: periodic Hann
 * windows over the sound reflected at its ends, and Slaney's bands of equal area.
 *
 * @param samples In `[-1, 1]`.
 * @throws {EmbeddingError} `INPUT_INVALID` for no samples, or one that is no number.
 */
export function logMel(samples: Float32Array, config: LogMelConfig): Float32Array {
  if (!(samples instanceof Float32Array) || samples.length === 0 || !samples.every(Number.isFinite)) {
    const expected = 'a Float32Array of numbers, at least one';
    throw new EmbeddingError('INPUT_INVALID', { where: 'sound', expected, got: kindOf(samples) });
  }
  const { window, hop, bins } = config;
  const filled = fill(samples, config.length);
  const bands = melBands(config);
  const hann = Float64Array.from({ length: window }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window));
  const spectra = new Float32Array(framesOf(config) * bins);
  for (let frame = 0; frame < framesOf(config); frame++) {
    const begin = frame * hop - window / 2;
    const power = powerSpectrum(hann.map((weight, i) => weight * filled[reflect(begin + i, config.length)]!));
    bands.forEach((band, bin) => {
      const sum = band.reduce((total, weight, i) => total + weight * power[i]!, 0);
      spectra[frame * bins + bin] = 10 * Math.log10(Math.max(1e-10, sum));
    });
  }
  return spectra;
}

function fill(samples: Float32Array, length: number): Float32Array {
  const filled = new Float32Array(length);
  if (samples.length >= length) filled.set(samples.subarray(0, length));
  else for (let at = 0; at + samples.length <= length; at += samples.length) filled.set(samples, at);
  return filled;
}

/** A place beyond an end, mirrored there. */
function reflect(at: number, length: number): number {
  if (at < 0) return -at;
  return at < length ? at : 2 * (length - 1) - at;
}

/** Weights of the frequencies in each band. */
function melBands({ rate, window, bins, lowest, highest }: LogMelConfig): Float64Array[] {
  const [from, to] = [toMel(lowest), toMel(highest)];
  const edges = Array.from({ length: bins + 2 }, (_, i) => toHertz(from + ((to - from) * i) / (bins + 1)));
  const places = Array.from({ length: window / 2 + 1 }, (_, i) => (i * rate) / window);
  return edges.slice(0, bins).map((left, bin) => {
    const [middle, right] = [edges[bin + 1]!, edges[bin + 2]!];
    return Float64Array.from(places, (frequency) => {
      const rising = (frequency - left) / (middle - left);
      const falling = (right - frequency) / (right - middle);
      return (Math.max(0, Math.min(rising, falling)) * 2) / (right - left);
    });
  });
}

/** Slaney's scale: linear up to 1,000 Hz, logarithmic from there. */
const perMel = 200 / 3;
const step = Math.log(6.4) / 27;

function toMel(hertz: number): number {
  return hertz < 1000 ? hertz / perMel : 15 + Math.log(hertz / 1000) / step;
}

function toHertz(mel: number): number {
  return mel < 15 ? mel * perMel : 1000 * Math.exp((mel - 15) * step);
}
