import { EmbeddingError } from '@diptych/core';

/** A replacement found for the first `length` bytes of a text. */
export interface Replacement {
  readonly length: number;
  readonly text: string;
}

/** SentencePiece's compiled normalisation table: the known prefix of `bytes` from `at` on, of several the shortest or longest. */
export type Charsmap = (bytes: Uint8Array, at: number, which: 'shortest' | 'longest') => Replacement | undefined;

/**
 * @param compiled `precompiled_charsmap`: uint32 length of a double-array trie, the trie, replacements ended by zeros.
 * @param where For messages.
 * @throws {EmbeddingError} `CONFIG_INVALID` when the lengths do not fit the bytes.
 */
export function charsmap(compiled: Uint8Array, where: string): Charsmap {
  if (compiled.length === 0) return () => undefined;
  const view = new DataView(compiled.buffer, compiled.byteOffset, compiled.byteLength);
  const trieBytes = compiled.length < 4 ? 0 : view.getUint32(0, true);
  if (trieBytes === 0 || trieBytes % 4 !== 0 || trieBytes > compiled.length - 4) {
    const got = `${compiled.length} bytes that announce a trie of ${trieBytes}`;
    throw new EmbeddingError('CONFIG_INVALID', { where, expected: 'a length, a trie and replacements', got });
  }
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const replacements = compiled.subarray(4 + trieBytes);
  return (bytes, at, which) => {
    const leaf = findPrefix(units, bytes, at, which);
    return leaf && { length: leaf.length, text: zeroEnded(replacements, leaf.value, where) };
  };
}

/** Bytes of a text that are replaced at once, and of what replaces them, at most. */
const maxBytes = 256;

/** Search in a double array as Darts-clone lays it out: label, offset and leaf flag share the bits of a unit. */
function findPrefix(
  units: Uint32Array,
  ...[bytes, at, which]: Parameters<Charsmap>
): { length: number; value: number } | undefined {
  const offset = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
  let node = offset(units[0]!);
  let found: { length: number; value: number } | undefined;
  for (let i = at; i < Math.min(bytes.length, at + maxBytes); i++) {
    node ^= bytes[i]!;
    const unit = units[node];
    if (unit === undefined || (unit & 0x800000ff) !== bytes[i]) break;
    node ^= offset(unit);
    if ((unit & 0x100) === 0) continue;
    found = { length: i + 1 - at, value: units[node]! & 0x7fffffff };
    if (which === 'shortest') break;
  }
  return found;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function zeroEnded(bytes: Uint8Array, from: number, where: string): string {
  const end = bytes.indexOf(0, from);
  if ((end < 0 ? bytes.length : end) - from > maxBytes) {
    const expected = `replacements of at most ${maxBytes} bytes`;
    throw new EmbeddingError('CONFIG_INVALID', { where, expected, got: 'a longer one' });
  }
  return utf8.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
}
