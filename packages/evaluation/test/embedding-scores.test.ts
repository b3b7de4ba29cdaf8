import { cosineSimilarity, quantize, type ScoreKernel } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { cosineScores, dotScores } from '../src/index.ts';
import { expectClose } from './close.ts';
import { all, randomRows } from './rows.ts';

/** In single precision, in one room for all calls. */
const kernel: ScoreKernel = (documents, dim) => {
  const room = new Float32Array(100);
  return (queries, first, end) => {
    let at = 0;
    for (let i = 0; i < queries.length; i += dim) {
      for (let j = first; j < end; j++, at++) {
        room[at] = 0;
        for (let k = 0; k < dim; k++) room[at]! += queries[i + k]! * documents[j * dim + k]!;
      }
    }
    return room.subarray(0, at);
  };
};

describe('scores of embeddings', () => {
  const [a, b] = [randomRows(11, 7, 1), randomRows(6, 7, 2)];

  it('are the cosines of core', () => {
    expectClose(all(cosineScores(a, b)), cosineSimilarity(a, b), 1e-6);
    expectClose(all(cosineScores(quantize(a, 'int8'), b)), cosineSimilarity(quantize(a, 'int8'), b), 1e-6);
  });

  it('do not depend on the block, to the last bit', () => {
    const whole = all(cosineScores(a, b));
    const part = cosineScores(a, b).block([3, 10], [2, 5]);
    for (let i = 0; i < part.length; i++) expect(part[i]).toBe(whole[(3 + Math.floor(i / 3)) * 6 + 2 + (i % 3)]);
  });

  it('may be multiplied by a kernel, whose memory the next block changes', () => {
    for (const score of [cosineScores, dotScores]) {
      const [expected, got] = [score(a, b), score(a, b, { kernel })];
      expect(got.shape).toEqual(expected.shape);
      const part = got.block([3, 10], [2, 5]);
      got.block([0, 1], [0, 6]);
      expectClose(part, expected.block([3, 10], [2, 5]), 1e-6);
      expectClose(all(got), all(expected), 1e-6);
    }
  });

  it('of immense and of tiny rows are those of rows of length 1, with a kernel too', () => {
    const times = (factor: number) => ({ ...a, data: a.data.map((value) => factor * value) });
    const expected = all(cosineScores(a, b));
    for (const factor of [1e36, 1e-30]) {
      expectClose(all(cosineScores(times(factor), b, { kernel })), expected, 1e-6);
      expectClose(all(cosineScores(b, times(factor), { kernel })), all(cosineScores(b, a)), 1e-6);
    }
  });

  it('of a zero row are 0', () => {
    const zero = { data: new Float32Array(7), shape: [1, 7] as const };
    expect([...all(cosineScores(zero, b))]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  const empty = { data: [], shape: [0, 7] as const };
  const broken = { data: [1, 2, 3, 4, 5, 6, NaN], shape: [1, 7] as const };
  it.each([
    ['two models', () => cosineScores(a, { ...b, model: 'other' }), 'INPUT_INVALID'],
    ['two dimensions', () => dotScores(a, randomRows(2, 8, 3)), 'SHAPE_MISMATCH'],
    ['NaN', () => dotScores(a, broken), 'INPUT_INVALID'],
    ['no rows', () => dotScores(a, empty), 'INPUT_INVALID'],
    ['too little data', () => dotScores(a, { data: [1], shape: [1, 7] }), 'SHAPE_MISMATCH'],
  ])('refuse %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
