import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { blobFiles } from '@diptych/files';
import { describeGolden } from '@diptych/golden';
import { useBackend } from '@diptych/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { smallClipFiles } from './small-clip.ts';
import { plain } from './toy.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of JavaScript objects that a collection leaves. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describeGolden('10,000 embeds', () => {
  it.each(['float32', 'int16', 'int8'] as const)(
    '%s: leave the tensors and the heap where they were',
    async (dtype) => {
      await useBackend('wasm');
      using space = await open(blobFiles(await smallClipFiles(), 'small'), { dtype });
      const embed = async (i: number) => {
        await space.embed('text', [`text ${i % 100}`]);
        await space.embed('image', [plain(i % 256, 1, 2)]);
      };
      for (let i = 0; i < 500; i++) await embed(i);
      const before = { ...tf.memory(), heap: heap() };
      for (let i = 0; i < 5000; i++) await embed(i);
      const { numTensors, numBytes } = before;
      expect(tf.memory()).toMatchObject({ numTensors, numBytes });
      expect(heap() - before.heap).toBeLessThan(1e6);
    },
  );
});
