import { EmbeddingError, expectMembers, quote } from '@diptych/core';

/** One channel of a sound; samples are in `[-1, 1]`. */
export interface Sound {
  readonly samples: Float32Array;
  /** In hertz, at most 1048576. */
  readonly sampleRate: number;
}

const highestRate = 2 ** 20;

/** Whether a number is a rate that a sound may have. */
export function isRate(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= highestRate;
}

/** A sound with samples, of which the first `most` are finite. */
export function expectSound(sound: Sound, most: number): Sound {
  const { samples, sampleRate } = expectMembers(sound, 'sound', 'samples', 'sampleRate');
  if (!(samples instanceof Float32Array)) throw wrongSound('samples', 'a Float32Array', quote(samples));
  if (!isRate(sampleRate)) throw wrongSound('sampleRate', `1 to ${highestRate} Hz`, quote(sampleRate));
  if (samples.length === 0) throw wrongSound('samples', 'at least one', 0);
  const wrong = samples.subarray(0, most).findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw wrongSound(`samples[${wrong}]`, 'a finite number', samples[wrong]);
  return sound;
}

export function wrongSound(member: string, expected: string, got: unknown, cure?: string): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where: `sound: ${member}`, expected, got, ...(cure && { cure }) });
}
