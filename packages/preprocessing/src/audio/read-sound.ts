import { checkSignal, EmbeddingError, expectListeners, quote, withoutPasswords } from '@diptych/core';
import { readBytes } from '../image/read-bytes.ts';
import type { Sound } from './sound.ts';

/** A sound file, or where to find one: a path in Node, a URL, a data URI, bytes. */
export type SoundFile = string | URL | Blob | ArrayBuffer | Uint8Array;

/** A sound file, or the samples of one channel. */
export type AudioInput = SoundFile | Sound;

export interface ReadSoundOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The bytes of a sound file. */
export type ReadSound = (input: SoundFile, options?: ReadSoundOptions) => Promise<Uint8Array>;

/** Whether a value is one item, and no list of them. */
export function isAudioInput(value: unknown): value is AudioInput {
  return isSoundFile(value) || (typeof value === 'object' && value !== null && 'samples' in value);
}

function isSoundFile(value: unknown): value is SoundFile {
  if (typeof value === 'string' || value instanceof URL || value instanceof Blob) return true;
  return value instanceof ArrayBuffer || value instanceof Uint8Array;
}

/** How messages name a sound. */
export function soundName(input: AudioInput): string {
  if (typeof input === 'string' || input instanceof URL) {
    const text = withoutPasswords(String(input).slice(0, 2000));
    return text.length > 200 ? `${text.slice(0, 60)}…` : text;
  }
  return input instanceof Blob && 'name' in input ? String(input.name) : 'sound';
}

/** `readSound` for one platform. */
export function soundReader(read: (input: SoundFile, options: ReadSoundOptions) => Promise<Uint8Array>): ReadSound {
  return async (input, options = {}) => {
    expectListeners(options, 'readSound');
    const where = soundName(input);
    if (!isSoundFile(input))
      throw new EmbeddingError('INPUT_INVALID', { where, expected: 'a sound file', got: quote(input) });
    checkSignal(options.signal);
    try {
      return await read(input, options);
    } catch (cause) {
      // The reader is that of images.
      if (!(cause instanceof EmbeddingError && cause.code === 'IMAGE_TOO_LARGE')) throw cause;
      const { expected, got } = cause;
      throw new EmbeddingError('INPUT_INVALID', { where, expected, got }, { cause });
    }
  };
}

/**
 * The bytes of a sound file in a page or a worker.
 *
 * @throws {EmbeddingError} `NETWORK` when a URL cannot be read, `INPUT_INVALID` for what is no file.
 */
export const readSound: ReadSound = soundReader(readBytes);
