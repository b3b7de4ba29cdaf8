import { EmbeddingError, expectMembers, quote } from '@diptych/core';
import { reasonOf } from '../image/reason-of.ts';
import type { Sound } from './sound.ts';
import { isFlac, readFlac } from './flac.ts';
import { isWav, readWav } from './wav.ts';

export interface DecodeSoundOptions {
  /** What errors call the file. */
  readonly name: string;
  /** Of sound, from its beginning, at most: no more is decoded. */
  readonly seconds: number;
}

/**
 * The beginning of a sound file as one channel, the mean of all, at the file's own rate: WAV, with PCM of 8, 16, 24 or 32 bits or
 * floating point, and FLAC, whose sums are compared. Whatever a head claims, memory is taken for the sound that is there and
 * asked for. One piece, of some milliseconds for ten seconds of sound, of FLAC some hundreds.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a file that is damaged, cut off or of another format.
 */
export function decodeSound(bytes: Uint8Array, options: DecodeSoundOptions): Sound {
  const { name: where, seconds } = expectMembers(options, 'decodeSound: options', 'name', 'seconds');
  const expected = 'a whole WAV or FLAC file';
  if (!(bytes instanceof Uint8Array)) throw new EmbeddingError('INPUT_INVALID', { where, expected, got: quote(bytes) });
  const read = [isWav(bytes) && readWav, isFlac(bytes) && readFlac].find((format) => format !== false);
  if (!read) {
    const cure = 'pass its samples, as AudioContext.decodeAudioData gives them';
    throw new EmbeddingError('INPUT_INVALID', { where, expected, got: 'another format', cure });
  }
  try {
    return read(bytes, seconds);
  } catch (cause) {
    throw new EmbeddingError('INPUT_INVALID', { where, expected, got: reasonOf(cause) }, { cause });
  }
}
