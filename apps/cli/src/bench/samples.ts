import { createReadStream } from 'node:fs';
import { EmbeddingError } from '@diptych/core';
import type { Image } from '@diptych/preprocessing';
import { imageFiles } from '../file-kinds.ts';
import { fileInputs } from '../inputs.ts';
import type { Io } from '../io.ts';
import { splitStream } from '../split-stream.ts';

/** Items made up where the user gives none. */
const generated = 32;

/** Paths of a folder, glob or file; else pictures of 16 by 16 random pixels, smooth once they are enlarged. */
export async function imageSamples(
  operand: string | undefined,
  random: () => number,
  io: Io,
): Promise<readonly (string | Image)[]> {
  if (operand === undefined) return made(() => picture(random));
  const onFailure = (where: string): never => {
    throw new EmbeddingError('NOT_FOUND', { where, expected: 'images', got: 'none' });
  };
  const paths: string[] = [];
  for await (const path of fileInputs(imageFiles, [operand], io, { onFailure })) paths.push(path);
  return paths;
}

/**
 * The lines of a file, or of stdin for `-`, that are not empty; else texts of 4 to 24 random words.
 *
 * @throws {EmbeddingError} `NOT_FOUND` when the file cannot be read, `INPUT_INVALID` when it has no text.
 */
export async function textSamples(
  file: string | undefined,
  random: () => number,
  { stdin, signal }: Io,
): Promise<readonly string[]> {
  if (file === undefined) return made(() => sentence(random));
  const texts: string[] = [];
  try {
    for await (const text of splitStream(file === '-' ? stdin : createReadStream(file), '\n', signal)) texts.push(text);
  } catch (cause) {
    signal.throwIfAborted();
    throw new EmbeddingError('NOT_FOUND', { where: file, expected: 'a readable file', got: cause }, { cause });
  }
  if (texts.length > 0) return texts;
  throw new EmbeddingError('INPUT_INVALID', { where: file, expected: 'one text a line', got: 'none' });
}

function made<T>(make: () => T): T[] {
  return Array.from({ length: generated }, make);
}

function picture(random: () => number): Image {
  const [width, height, channels] = [16, 16, 3] as const;
  const data = Uint8Array.from({ length: width * height * channels }, () => Math.floor(256 * random()));
  return { data, width, height, channels };
}

function sentence(random: () => number): string {
  const upTo = (n: number) => Math.floor(n * random());
  const word = () => String.fromCharCode(...Array.from({ length: 2 + upTo(7) }, () => 97 + upTo(26)));
  return Array.from({ length: 4 + upTo(21) }, word).join(' ');
}
