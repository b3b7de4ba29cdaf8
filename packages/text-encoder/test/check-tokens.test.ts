import type { TextBatch } from '@diptych/core';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { checkTokens } from '../src/check-tokens.ts';

const [ids, mask] = [Int32Array.of(0, 1, 2, 3), new Int32Array(4).fill(1)];
const good: TextBatch = { ids, mask, shape: [2, 2] };
const none = { ids: new Int32Array(0), mask: new Int32Array(0) };

it.each<[code: string, what: string, batch: Readonly<Record<string, unknown>>]>([
  ['SHAPE_MISMATCH', 'texts without a token', { ...none, shape: [1, 0] }],
  ['SHAPE_MISMATCH', 'a billion texts without a token', { ...none, shape: [1e9, 0] }],
  ['SHAPE_MISMATCH', 'fewer texts than none', { shape: [-1, -4] }],
  ['SHAPE_MISMATCH', 'half a text', { shape: [2.5, 1.6] }],
  ['SHAPE_MISMATCH', 'no number', { ...none, shape: [NaN, 4] }],
  ['SHAPE_MISMATCH', 'one side', { shape: [4] }],
  ['SHAPE_MISMATCH', 'three sides', { shape: [1, 2, 2] }],
  ['SHAPE_MISMATCH', 'sides in letters', { shape: ['2', '2'] }],
  ['SHAPE_MISMATCH', 'too few of what is pooled', { pooled: Int32Array.of(1) }],
  ['INPUT_INVALID', 'fractions', { ids: Float32Array.of(0.5, 1, 2, 3) }],
  ['INPUT_INVALID', 'what is no number', { ids: Float32Array.of(NaN, 1, 2, 3) }],
  ['INPUT_INVALID', 'a plain list', { mask: [1, 1, 1, 1] }],
  ['INPUT_INVALID', 'numbers of any size', { ids: BigInt64Array.of(0n, 1n, 2n, 3n) }],
  ['INPUT_INVALID', 'a view of bytes', { ids: new DataView(new ArrayBuffer(4)) }],
  ['INPUT_INVALID', 'the largest id', { ids: Int32Array.of(0, 1, 2, 2 ** 31 - 1) }],
  ['INPUT_INVALID', 'the first id that is none', { ids: Int32Array.of(0, 1, 2, 4) }],
  ['INPUT_INVALID', 'an id below 0', { ids: Int32Array.of(-1, 1, 2, 3) }],
])('%s for %s', (code, _, batch) => {
  expect(() => checkTokens(given({ ...good, ...batch }), { vocabSize: 4 })).toThrow(expect.objectContaining({ code }));
});

it('takes what fits, no text too', () => {
  expect(() => checkTokens(good, { vocabSize: 4 })).not.toThrow();
  expect(() => checkTokens({ ...none, shape: [0, 7] }, { vocabSize: 4 })).not.toThrow();
});
