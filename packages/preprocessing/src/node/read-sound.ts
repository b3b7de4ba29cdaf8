import { type ReadSound, soundReader } from '../audio/read-sound.ts';
import { readFileOrUrl } from './decode-image.ts';

/**
 * The bytes of a sound file in Node, where a string may be a path.
 *
 * @throws {EmbeddingError} `NOT_FOUND` when a path cannot be read, `NETWORK` when a URL cannot, `INPUT_INVALID` for what is no file
 *   and for one of over a gigabyte.
 */
export const readSound: ReadSound = soundReader(readFileOrUrl);
