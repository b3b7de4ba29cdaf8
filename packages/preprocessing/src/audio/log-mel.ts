import { type AudioBatch, EmbeddingError, expectList, expectMembers } from '@diptych/core';
import { melFilters, type MelRange } from './mel-filters.ts';
import { powerSpectra } from './power-spectra.ts';
import { expectSound, type Sound, wrongSound } from './sound.ts';

/** How a sound that is too short becomes `samples` long: repeated as often as it fits and then silence, repeated to the end, silence. */
export type AudioPadding = 'repeatpad' | 'repeat' | 'pad';

export interface LogMelConfig extends MelRange {
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** Of every sound: a longer one loses its end. */
  readonly samples: number;
  readonly padding: AudioPadding;
}

/** Powers below count as this, in the reference too: -100 dB. */
const least = 1e-10;

/**
 * A sound's spectrum as transformers' `ClapFeatureExtractor` without fusion makes it, `[1, frames, bins]` in decibels: Hann windows,
 * one for each hop, the ends mirrored; power; Slaney's mel filters; `10 log10`. Where the reference cuts a long sound at random,
 * it is the beginning that stays. One piece, of some tens of milliseconds for ten seconds of sound.
 *
 * @returns A function that throws `INPUT_INVALID` for a sound of another rate, for none, and for samples that are not finite.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a frame that is no power of two or longer than the sound.
 */
export function logMel(config: LogMelConfig): (sound: Sound) => AudioBatch {
  const { fftSize, hop, bins, samples } = expectMembers(config, 'logMel', 'fftSize', 'hop', 'bins', 'samples');
  checkConfig(config);
  const frames = 1 + Math.floor(samples / hop);
  const filters = melFilters(config);
  const hann = Float64Array.from({ length: fftSize }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / fftSize));
  const transform = powerSpectra(fftSize);
  return (sound) => {
    const whole = padded(checkSound(sound, config), config);
    const pair = [new Float64Array(fftSize), new Float64Array(fftSize)] as const;
    const powers = [new Float64Array(fftSize / 2 + 1), new Float64Array(fftSize / 2 + 1)] as const;
    const spectra = new Float32Array(frames * bins);
    for (let frame = 0; frame < frames; frame += 2) {
      for (const [i, own] of pair.entries()) fill(own, whole, hann, (frame + i) * hop - fftSize / 2);
      transform(pair[0], pair[1], powers);
      for (const [i, power] of powers.entries()) {
        if (frame + i < frames) decibels(power, filters, spectra.subarray((frame + i) * bins, (frame + i + 1) * bins));
      }
    }
    return { spectra, shape: [1, frames, bins] };
  };
}

/** Spectra of one shape as one batch. */
export function joinSpectra(all: readonly AudioBatch[]): AudioBatch {
  expectList(all, 'joinSpectra');
  const [, frames, bins] = expectMembers(all[0]!, 'joinSpectra: a spectrum', 'spectra', 'shape').shape;
  const spectra = new Float32Array(all.length * frames * bins);
  for (const [i, own] of all.entries()) spectra.set(own.spectra, i * frames * bins);
  return { spectra, shape: [all.length, frames, bins] };
}

/** One frame from `begin` on, its ends beyond the sound mirrored. */
function fill(frame: Float64Array, sound: Float32Array, window: Float64Array, begin: number): void {
  const last = sound.length - 1;
  for (let i = 0; i < frame.length; i++) {
    const at = Math.abs(begin + i);
    // Behind the last frame there may be one that nobody reads.
    frame[i] = window[i]! * (sound[at > last ? 2 * last - at : at] ?? 0);
  }
}

function decibels(power: Float64Array, filters: ReturnType<typeof melFilters>, out: Float32Array): void {
  for (const [bin, { begin, weights }] of filters.entries()) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k]! * power[begin + k]!;
    out[bin] = 10 * Math.log10(Math.max(least, sum));
  }
}

function padded(own: Float32Array, { samples, padding }: LogMelConfig): Float32Array {
  if (own.length >= samples) return own.subarray(0, samples);
  const whole = new Float32Array(samples);
  const filled = { repeat: samples, repeatpad: samples - (samples % own.length), pad: own.length }[padding];
  for (let at = 0; at < filled; at += own.length) whole.set(own.subarray(0, filled - at), at);
  return whole;
}

function checkSound(sound: Sound, { sampleRate, samples: most }: LogMelConfig): Float32Array {
  const { samples, sampleRate: rate } = expectSound(sound, most);
  if (rate === sampleRate) return samples.subarray(0, most);
  throw wrongSound('sampleRate', `${sampleRate} Hz, which the model was trained with`, rate, 'resample it first');
}

/** Of values that a spectrum has; published ones have 64064. */
const mostValues = 2 ** 22;

function checkConfig({ fftSize, hop, bins, samples, sampleRate, lowest, highest }: LogMelConfig): void {
  const check = (ok: boolean, where: string, expected: string, got: unknown) => {
    if (!ok) throw new EmbeddingError('CONFIG_INVALID', { where: `logMel: ${where}`, expected, got });
  };
  const isCount = (value: number, most: number) => Number.isSafeInteger(value) && value > 0 && value <= most;
  const isPower = isCount(fftSize, 2 ** 16) && fftSize > 1 && Number.isInteger(Math.log2(fftSize));
  check(isPower, 'fftSize', 'a power of two up to 65536', fftSize);
  check(isCount(samples, 2 ** 26) && samples > fftSize / 2, 'samples', 'more than half a frame, up to 2^26', samples);
  check(isCount(hop, samples), 'hop', 'a whole number of samples', hop);
  check(isCount(bins, Math.floor(mostValues / (1 + samples / hop))), 'bins', `at most ${mostValues} values`, bins);
  check(isCount(sampleRate, 2 ** 20), 'sampleRate', 'a whole number of hertz', sampleRate);
  const isRange = lowest >= 0 && lowest < highest && highest <= sampleRate / 2;
  check(isRange, 'lowest and highest', `a range within half of ${sampleRate} Hz`, `${lowest}, ${highest}`);
}
