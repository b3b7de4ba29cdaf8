import { EmbeddingError, expectMembers, quote } from '@diptych/core';
import { expectSound, isRate, type Sound } from './sound.ts';

export interface ResampleOptions {
  /** Of the result, in hertz. */
  readonly sampleRate: number;
  /** Of the result, at most: what comes later is not made. Default all. */
  readonly samples?: number;
}

/** Zero crossings of the filter to each side, and where it cuts, of half the lower rate. */
const [crossings, rolloff] = [6, 0.99];

/** Weights that are kept for the next samples, at most. */
const mostKept = 2 ** 20;

/**
 * A sound at another rate, as `torchaudio.functional.resample` makes it by default: by a sinc of six zero crossings to each side
 * under a Hann window, which cuts at 0.99 of half the lower rate. Before and after is silence. A sound of that rate is handed
 * back. One piece, of some tens of milliseconds for ten seconds of sound.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no sound, for none, for samples that are not finite and for another rate
 *   than a whole number of hertz up to 1048576.
 */
export function resample(sound: Sound, options: ResampleOptions): Sound {
  const { sampleRate, samples: most = Infinity } = expectMembers(options, 'resample: options', 'sampleRate');
  const refuse = (where: string, expected: string, got: unknown) => {
    throw new EmbeddingError('INPUT_INVALID', { where: `resample: ${where}`, expected, got: quote(got) });
  };
  if (!isRate(sampleRate)) refuse('sampleRate', 'a rate as sounds have', sampleRate);
  if (!(most === Infinity || (Number.isSafeInteger(most) && most > 0))) refuse('samples', 'a number of samples', most);
  const { sampleRate: given } = expectMembers(sound, 'sound', 'samples', 'sampleRate');
  // Those that the filter of the last sample reaches.
  const used = ((most + crossings + 1) * given) / sampleRate + crossings + 1;
  const { samples, sampleRate: rate } = expectSound(sound, used);
  if (rate === sampleRate) return samples.length > most ? { samples: samples.subarray(0, most), sampleRate } : sound;
  const shared = greatestDivisor(rate, sampleRate);
  const [from, to] = [rate / shared, sampleRate / shared];
  const length = Math.min(most, Math.ceil((to * samples.length) / from));
  return { samples: filtered(samples, { from, to, length }), sampleRate };
}

interface Step {
  /** Samples there are for `to` of the result. */
  readonly from: number;
  readonly to: number;
  /** Of the result. */
  readonly length: number;
}

function filtered(samples: Float32Array, { from, to, length }: Step): Float32Array {
  const scale = (Math.min(from, to) * rolloff) / from;
  const reach = crossings / scale;
  const weightsOf = (phase: number, first: number) => {
    const middle = (phase * from) / to;
    const count = Math.floor(middle + reach) - first + 1;
    return Float64Array.from({ length: count }, (_, k) => scale * windowedSinc((first + k - middle) * scale));
  };
  const keeps = to * (2 * reach + 1) <= mostKept;
  const kept: (Float64Array | undefined)[] = [];
  const result = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    // The weights are those of the sample `to` before.
    const phase = i % to;
    const first = Math.ceil((phase * from) / to - reach);
    const weights = kept[phase] ?? weightsOf(phase, first);
    if (keeps) kept[phase] = weights;
    const begin = ((i - phase) / to) * from + first;
    const end = Math.min(weights.length, samples.length - begin);
    let sum = 0;
    for (let k = Math.max(0, -begin); k < end; k++) sum += weights[k]! * samples[begin + k]!;
    result[i] = sum;
  }
  return result;
}

/** At a distance in zero crossings, of which there are `crossings`. */
function windowedSinc(at: number): number {
  const window = Math.cos((Math.PI * at) / (2 * crossings)) ** 2;
  return at === 0 ? 1 : (window * Math.sin(Math.PI * at)) / (Math.PI * at);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
