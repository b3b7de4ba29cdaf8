import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { describeBackends } from './backends.ts';
import { inDouble } from './in-double.ts';

/** How tensor code runs, and how near its numbers must come to a float64 reference. */
export interface Run {
  <T>(body: () => T): T;
}

/** The same tests in double precision, within `double`, and in float32 on every backend, within `single`. */
export function describePrecisions(
  { double, single }: { readonly double: number; readonly single: number },
  body: (run: Run, tolerance: number) => void,
): void {
  describe('in double precision', () => {
    beforeAll(async () => {
      await import('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
    });
    body(inDouble, double);
  });
  describeBackends('in single precision', () => body((run) => run(), single));
}
