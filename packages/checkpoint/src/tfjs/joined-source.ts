import type { ByteSource } from '@diptych/files';
import { readExactly } from '../read-exactly.ts';

/** Files one after the other, read as one. A range is taken from those it touches, of each only its part. */
export function joinedSource(parts: readonly ByteSource[]): ByteSource {
  return {
    name: parts.map(({ name }) => name).join(', '),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    async read(begin, end, signal) {
      const touched = rangesOf(parts, begin, end);
      const [only, ...more] = touched;
      if (only && more.length === 0) return readExactly(only.source, only.range, signal);
      const out = new Uint8Array(end - begin);
      for (const { source, range, at } of touched) out.set(await readExactly(source, range, signal), at);
      return out;
    },
  };
}

interface Piece {
  readonly source: ByteSource;
  readonly range: readonly [begin: number, end: number];
  /** Where it goes, from the first byte wanted. */
  readonly at: number;
}

function rangesOf(parts: readonly ByteSource[], begin: number, end: number): Piece[] {
  let start = 0;
  return parts.flatMap((source) => {
    const [from, to] = [Math.max(begin, start), Math.min(end, start + source.size)];
    const piece: Piece = { source, range: [from - start, to - start], at: from - begin };
    start += source.size;
    return from < to ? [piece] : [];
  });
}
