import { addAbortSignal, type Readable } from 'node:stream';

/** Non-empty pieces of a UTF-8 stream between separators; with `\n` also without a `\r` before it. */
export async function* splitStream(
  stream: Readable,
  separator: '\n' | '\0',
  signal: AbortSignal,
): AsyncGenerator<string> {
  addAbortSignal(signal, stream);
  const decoder = new TextDecoder();
  const clean = (piece: string) => (separator === '\n' ? piece.replace(/\r$/, '') : piece);
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(separator);
    rest = pieces.pop()!;
    yield* pieces.map(clean).filter(Boolean);
  }
  rest = clean(rest + decoder.decode());
  if (rest) yield rest;
}
