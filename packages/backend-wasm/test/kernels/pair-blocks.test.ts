import type { ScoreBlock } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import { expectClose, runAll } from './run.ts';
import { describeVariants } from './variants.ts';

const rows = (seed: number, n: number, d: number) => tf.tensor2d(randomNumbers(seed)(n * d), [n, d]);

describeVariants('blocks of scores', () => {
  it.each([
    [1, 1, 1],
    [5, 3, 2],
    [9, 17, 4],
    [12, 8, 5],
    [70, 33, 64],
    [70, 33, 100],
  ])('of %i rows of %i by %i are products, and so are their gradients', (n, d, chunk) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const [a, b] = [rows(1, n, d), rows(2, n, d)];
      const scores = tf.matMul(a, b, false, true);
      const seen: number[][] = [[], []];
      const expectScores = ({ at, count, scores: got }: ScoreBlock) => {
        expectClose(got, tf.slice(scores, [0, at], [-1, count]).dataSync(), 1e-5);
      };
      const [ofA, ofB] = runAll(
        'DiptychPairBlocks',
        { a, b },
        {
          chunk,
          gradients: true,
          read: (block) => void seen[0]!.push(block.at),
          write: ({ at, scores: numbers, ...block }, to) => {
            seen[1]!.push(at);
            for (const [i, score] of numbers.entries()) to[i]! += score + at + (i % block.count);
          },
        },
      );
      const starts = Array.from({ length: Math.ceil(n / chunk) }, (_, i) => i * chunk);
      expect(seen.map((places) => places.toSorted((x, y) => x - y))).toEqual([starts, starts]);
      const w = tf.add<tf.Tensor2D>(scores, tf.range(0, n));
      const largest = n * (n + d);
      expectClose(ofA!.dataSync(), tf.matMul(w, b).dataSync(), 1e-6 * largest);
      expectClose(ofB!.dataSync(), tf.matMul(w, a, true).dataSync(), 1e-6 * largest);
      const none = runAll(
        'DiptychPairBlocks',
        { a, b },
        { chunk, gradients: false, read: expectScores, write: expectScores },
      );
      expect(none).toEqual([]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [12, 8, 4, 2],
    [12, 16, 5, 3],
    [12, 3, 4, 1],
  ])('of %i rows of %i by %i are computed again but for the last %i', (n, d, chunk, kept) => {
    tf.tidy(() => {
      const found: boolean[] = [];
      const attrs = {
        chunk,
        gradients: true,
        read: ({ scores }: ScoreBlock) => void scores.fill(Infinity),
        write: ({ scores }: ScoreBlock) => void found.push(scores.every((score) => score === Infinity)),
      };
      runAll('DiptychPairBlocks', { a: rows(1, n, d), b: rows(2, n, d) }, attrs);
      expect(found).toEqual(Array.from({ length: Math.ceil(n / chunk) }, (_, i) => i < kept));
    });
  });

  it('leave nothing behind when their reader throws', () => {
    const before = tf.memory();
    const read = () => {
      throw new RangeError('no');
    };
    tf.tidy(() => {
      const run = () =>
        runAll('DiptychPairBlocks', { a: rows(1, 4, 3), b: rows(2, 4, 3) }, { chunk: 2, read, gradients: true });
      expect(run).toThrow('no');
    });
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  it('refuse rows of two shapes', () => {
    tf.tidy(() => {
      const run = () =>
        runAll('DiptychPairBlocks', { a: rows(1, 4, 3), b: rows(2, 5, 3) }, { chunk: 2, gradients: true });
      expect(run).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    });
  });
});
