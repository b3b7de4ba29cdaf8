/** `n` values of each kind that a table may hold, with the encodings of parquet that their types have. */
export function everyEncoding(n: number) {
  const each = <T>(of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
  return [
    { name: 'text', data: each((i) => `caption ${i}`), type: 'STRING', encoding: 'PLAIN' },
    { name: 'word', data: each((i) => ['a', 'bb', 'ccc'][i % 3]!), type: 'STRING', encoding: 'RLE_DICTIONARY' },
    { name: 'lengths', data: each((i) => 'x'.repeat(i % 90)), type: 'STRING', encoding: 'DELTA_LENGTH_BYTE_ARRAY' },
    { name: 'prefixes', data: each((i) => `images/${i * i}.jpg`), type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' },
    { name: 'number', data: each((i) => i * i - 9), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
    { name: 'big', data: each((i) => BigInt(i) ** 7n), type: 'INT64', encoding: 'DELTA_BINARY_PACKED' },
    { name: 'score', data: each((i) => i / 7), type: 'DOUBLE', encoding: 'BYTE_STREAM_SPLIT' },
    { name: 'missing', data: each((i) => (i % 5 ? null : i)), type: 'INT32' },
    { name: 'truth', data: each((i) => i % 3 === 0), type: 'BOOLEAN', encoding: 'RLE' },
    { name: 'json', data: each((i) => ({ i })), type: 'JSON' },
  ] as const;
}
