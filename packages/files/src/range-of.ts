import { arriving, bytesOfBody, EmbeddingError, type Patience } from '@diptych/core';

/** Bytes of a file, the end excluded. */
export type Range = readonly [begin: number, end: number];

export interface RangeOptions {
  /** What errors call the file. */
  readonly where: string;
  readonly patience: Patience | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * The bytes of a range, of a server that answered 206.
 *
 * @throws {EmbeddingError} `NETWORK` where they do not arrive, are too few, or are said to be others. A page may not be told which
 *   they are.
 */
export async function rangeOf(
  response: Response,
  [begin, end]: Range,
  { where, patience, signal }: RangeOptions,
): Promise<Uint8Array> {
  const bytes = await arriving(where, bytesOfBody(response, { ...patience, limit: end - begin, signal }), signal);
  const expected = `bytes ${begin}-${end - 1}/`;
  const sent = response.headers.get('content-range') ?? expected;
  if (bytes.length === end - begin && sent.startsWith(expected)) return bytes;
  throw new EmbeddingError('NETWORK', {
    where,
    expected: `${end - begin} bytes, ${expected}`,
    got: `${bytes.length}, ${sent}`,
  });
}
