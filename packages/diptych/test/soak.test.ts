import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { turn } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { useBackend } from '@diptych/backend-wasm';
import { heapBytes } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { hfClip, open } from '../src/index.ts';
import { smallClipFiles } from './small-clip.ts';
import { plain } from './toy.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of JavaScript objects and of arrays that collections leave: what hangs on signals goes a turn after one, some with the next. */
async function heap(): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
    await turn();
  }
  return least;
}

/** Pairs of embeds: weights of other types go the same way otherwise, for as many only where `DIPTYCH_LONG` asks for it. */
const rounds = (dtype: string) => (dtype === 'float32' || process.env['DIPTYCH_LONG'] !== undefined ? 5000 : 1000);

describeGolden('thousands of embeds', () => {
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
      const before = { ...tf.memory(), heap: await heap() };
      for (let i = 0; i < rounds(dtype); i++) await embed(i);
      const { numTensors, numBytes } = before;
      expect(tf.memory()).toMatchObject({ numTensors, numBytes });
      expect((await heap()) - before.heap).toBeLessThan(1e6);
    },
  );
});

describeGolden('200 openings', () => {
  it('leave no tensor, no memory of the backend and no table of weights', async () => {
    await useBackend('wasm');
    const names = ['config.json', 'model.safetensors'];
    const blobs = await Promise.all(
      names.map(async (name) => [name, new Blob([await goldenBytes(`oracles/tiny_clip/${name}`)])] as const),
    );
    const files = blobFiles(Object.fromEntries(blobs), 'tiny');
    const openAndEmbed = async () => {
      using space = await open(files, { architectures: [hfClip] });
      await space.embed('image', [plain(9, 1, 2)]);
      return space.bytes;
    };
    let bytes = 0;
    for (let i = 0; i < 50; i++) bytes = await openAndEmbed();
    const before = { ...tf.memory(), heap: await heap(), wasm: heapBytes() };
    for (let i = 0; i < 200; i++) await openAndEmbed();
    const { numTensors, numBytes } = before;
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(heapBytes()).toBe(before.wasm);
    // A twentieth of the model, left behind each time, would be ten of it.
    expect((await heap()) - before.heap).toBeLessThan(10 * bytes);
  });
});
