import { useBackend } from '@diptych/backend-wasm';
import { blobFiles } from '@diptych/files';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type Architecture, open } from '../src/index.ts';
import { openToy, plain, toy, watched } from './toy.ts';

const raw = { normalize: false } as const;

describeBackends('an embedding space', (backend) => {
  it('says what runs', async () => {
    const running = await useBackend(backend);
    using space = await openToy();
    expect(space.backend).toEqual(running);
    expect(space.backend.name).toBe(backend);
    expect(space.dtype).toBe('float32');
  });

  it('gives one row per item, in order, whatever the batch size', async () => {
    using space = await openToy();
    const texts = ['a', 'bb', 'ccc', 'dddd', 'eeeee'];
    const expected = texts.flatMap((text) => [text.length, text.codePointAt(0)!, 1]);
    for (const batchSize of [1, 2, 5, 100]) {
      const rows = await space.embed('text', texts, { ...raw, batchSize });
      expect(rows.shape).toEqual([5, 3]);
      expect([...rows.data]).toEqual(expected);
      expect(rows.model).toBe('toy-model');
    }
  });

  it('normalises by default, after truncating', async () => {
    using space = await openToy();
    const { data, shape } = await space.embed('image', [plain(3, 4, 12)], { truncateDim: 2 });
    expect(shape).toEqual([1, 2]);
    expectClose(data, [0.6, 0.8], 1e-7);
    const whole = await space.embed('image', [plain(3, 4, 12)]);
    expectClose(whole.data, [3 / 13, 4 / 13, 12 / 13], 1e-7);
  });

  it('keeps a zero row zero', async () => {
    using space = await openToy();
    expect([...(await space.embed('image', [plain(0, 0, 0)])).data]).toEqual([0, 0, 0]);
  });

  it('gives the same rows in any precision in one block or many', async () => {
    using space = await openToy();
    const images = [plain(1, 2, 3), plain(9, 1, 5), plain(7, 7, 2)];
    for (const precision of ['int8', 'uint8', 'binary', 'ubinary'] as const) {
      const whole = await space.embed('image', images, { precision });
      const blocks = [];
      for await (const block of space.stream('image', images, { precision, batchSize: 2 })) blocks.push(block);
      expect(blocks.map((block) => block.shape[0])).toEqual([2, 1]);
      expect(blocks.flatMap((block) => [...block.data])).toEqual([...whole.data]);
    }
  });

  it.each([
    ['another width', "toy-model: encoder of 'text': expected [2,3], got [2,2]", [2, 2]],
    ['more rows', "toy-model: encoder of 'text': expected [2,3], got [4,3]", [4, 3]],
    ['another rank', "toy-model: encoder of 'text': expected [2,3], got [2,3,1]", [2, 3, 1]],
  ])('refuses an encoder that gives %s than it says', async (_, message, shape) => {
    const wrong: Architecture = {
      ...toy,
      async open(files, options) {
        const parts = await toy.open(files, options);
        const text = parts!.towers.text!;
        const encoder = { ...text.encoder, forward: () => tf.ones<tf.Rank>(shape) as tf.Tensor2D };
        return { ...parts!, towers: { text: { ...text, encoder } } };
      },
    };
    await expectNoLeak(async () => {
      using space = await openToy({ architectures: [wrong] });
      await expect(space.embed('text', ['a', 'b'])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH', message });
    });
  });

  it('gives the tokens of texts, which encode takes', async () => {
    using space = await openToy();
    const batch = await space.tokenize(['a', 'bb']);
    expect(batch).toEqual({ ids: Int32Array.of(1, 97, 1, 2, 98, 1), mask: new Int32Array(6).fill(1), shape: [2, 3] });
    expect(await space.encode('text', batch)).toEqual(await space.embed('text', ['a', 'bb']));
    expect((await space.tokenize('a', { prompt: 'query: ' })).ids).toEqual(Int32Array.of(8, 113, 1));
    expect((await space.tokenize([])).shape).toEqual([0, 3]);
  });

  it('takes one item without a list', async () => {
    using space = await openToy();
    expect(await space.embed('text', 'abc')).toEqual(await space.embed('text', ['abc']));
    expect(await space.embed('image', plain(1, 2, 3))).toEqual(await space.embed('image', [plain(1, 2, 3)]));
    const [alone] = await space.classify(plain(1, 2, 3), ['a', 'b'], { templates: '{}' });
    expect([alone]).toEqual(await space.classify([plain(1, 2, 3)], ['a', 'b'], { templates: ['{}'] }));
  });

  it('embeds nothing as no rows', async () => {
    using space = await openToy();
    expect((await space.embed('text', [])).shape).toEqual([0, 3]);
  });

  it('puts text and images into one space', async () => {
    using space = await openToy();
    const texts = await space.embed('text', ['\u0002\u0002']);
    const images = await space.embed('image', [plain(2, 2, 1), plain(200, 0, 0)]);
    expectClose(space.similarity(images, texts), [1, 2 / 3], 1e-6);
  });

  it('halves a batch until it fits into memory', async () => {
    const counts: number[] = [];
    const noRoom = new EmbeddingError('OUT_OF_MEMORY', { where: 'test', expected: 'room', got: 'no room' });
    let most = 2;
    const small = watched((n) => {
      counts.push(n);
      tf.zeros([10]);
      if (n > most) throw noRoom;
    });
    using space = await open(blobFiles({ toy: new Blob([]) }, 'toy-model'), { architectures: [small] });
    const images = [plain(1, 2, 3), plain(9, 1, 5), plain(7, 7, 2), plain(4, 4, 4), plain(5, 6, 7)];
    await expectNoLeak(async () => {
      const rows = await space.embed('image', images, raw);
      expect([...rows.data]).toEqual([1, 2, 3, 9, 1, 5, 7, 7, 2, 4, 4, 4, 5, 6, 7]);
      expect(counts).toEqual([5, 2, 3, 1, 2]);
      most = 0;
      await expect(space.embed('image', images)).rejects.toBe(noRoom);
    });
  });

  it('leaves tensors where they were', async () => {
    await expectNoLeak(async () => {
      using space = await openToy();
      const before = tf.memory();
      for (let i = 0; i < 100; i++) await space.embed('image', [plain(i, 1, 2)]);
      expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    });
  });

  it('does not mix up calls under way at once', async () => {
    using space = await openToy();
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    const calls = texts.map((text) => space.embed('text', [text, `${text}y`], { ...raw, batchSize: 1 }));
    const lengths = (await Promise.all(calls)).map(({ data }) => [data[0], data[3]]);
    expect(lengths).toEqual(texts.map((text) => [text.length, text.length + 1]));
  });

  it('survives a caller who ends a tidy of his own while it runs', async () => {
    using space = await openToy();
    const pending: Promise<{ data: Float32Array }>[] = [];
    tf.tidy(() => {
      pending.push(space.embed('text', ['abc'], raw));
    });
    expect([...(await pending[0]!).data]).toEqual([3, 97, 1]);
  });

  it('reports progress after each batch', async () => {
    using space = await openToy();
    const seen: number[] = [];
    await space.embed('text', ['a', 'b', 'c'], { batchSize: 2, onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([2, 3]);
  });

  it('stops when it is told to, with the reason it was given', async () => {
    using space = await openToy();
    const reason = new Error('enough');
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number) => (seen.push(done), controller.abort(reason));
    const { signal } = controller;
    await expectNoLeak(async () => {
      const call = space.embed('text', ['a', 'b', 'c', 'd'], { batchSize: 1, signal, onProgress });
      await expect(call).rejects.toBe(reason);
    });
    expect(seen).toEqual([1]);
  });

  it('classifies, best first, with probabilities that sum to 1', async () => {
    using space = await openToy();
    const labels = ['\u0002\u0002', '\u0001\u0001\u0001\u0001\u0001'];
    const [predictions] = await space.classify([plain(2, 2, 1)], labels, { templates: ['{}'] });
    const cosines = [1, (2 * 5 + 2 + 1) / (3 * Math.sqrt(27))];
    const exps = cosines.map((cosine) => Math.exp(10 * cosine));
    expect(predictions!.map(({ label }) => label)).toEqual(labels);
    expectClose(
      predictions!.map(({ score }) => score),
      exps.map((x) => x / (exps[0]! + exps[1]!)),
      1e-6,
    );
  });

  it.each([[[]], [['a photo']]])('refuses to classify with the templates %j', async (templates) => {
    using space = await openToy();
    const call = space.classify([plain(1, 2, 3)], ['a', 'b'], { templates });
    await expect(call).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('{}') });
  });

  it('tells pixels that are no numbers from weights that are damaged', async () => {
    using space = await openToy();
    const batch = (pixels: number[]) => ({ pixels: Float32Array.from(pixels), shape: [2, 1, 1, 3] as const });
    await expect(space.encode('image', batch([1, 2, 3, 4, NaN, 6]))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'pixels of item 1: expected numbers, got NaN',
    });
    const damaged: Architecture = {
      ...toy,
      async open(files, options) {
        const parts = await toy.open(files, options);
        const { image } = parts!.towers;
        const encoder = { ...image!.encoder, forward: () => tf.tensor2d([[1, 2, Infinity]]) };
        return { ...parts!, towers: { image: { ...image!, encoder } } };
      },
    };
    using broken = await openToy({ architectures: [damaged] });
    await expect(broken.embed('image', [plain(1, 2, 3)])).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });

  it('classifies rows as it classifies their images', async () => {
    using space = await openToy();
    const images = [plain(2, 2, 1), plain(200, 0, 0)];
    const labels = ['a', 'bb'];
    const rows = await space.embed('image', images);
    expect(await space.classify(rows, labels)).toEqual(await space.classify(images, labels));
  });

  it('embeds the labels of a classification once', async () => {
    const counts: number[] = [];
    using space = await openToy({ architectures: [watched((n) => counts.push(n))] });
    await space.classify([plain(1, 2, 3)], ['a', 'b']);
    await space.classify([plain(3, 2, 1)], ['a', 'b']);
    expect(counts).toEqual([2, 1, 1]);
    await space.classify([plain(3, 2, 1)], ['a', 'c']);
    expect(counts).toEqual([2, 1, 1, 2, 1]);
  });

  it('refuses what it cannot do, by code', async () => {
    const space = await openToy();
    const failing = (code: string) => expect.objectContaining({ name: 'EmbeddingError', code });
    await expect(space.embed('text', ['a'], { batchSize: 0 })).rejects.toEqual(failing('INPUT_INVALID'));
    await expect(space.embed('text', ['a'], { truncateDim: 4 })).rejects.toEqual(failing('INPUT_INVALID'));
    await expect(space.embed('sound' as 'text', ['a'])).rejects.toEqual(failing('UNSUPPORTED'));
    space[Symbol.dispose]();
    space[Symbol.dispose]();
    await expect(space.embed('text', ['a'])).rejects.toEqual(failing('DISPOSED'));
  });

  it('refuses towers of two dimensions, and frees them', async () => {
    const architectures: Architecture[] = [
      {
        version: 1,
        name: 'lopsided',
        async open(files, options) {
          const parts = await toy.open(files, options);
          const { text, image } = parts!.towers;
          return { ...parts!, towers: { image, text: { ...text!, encoder: { ...text!.encoder, dim: 5 } } } };
        },
      },
    ];
    await expectNoLeak(() => expect(openToy({ architectures })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' }));
  });

  it('says what a folder holds when no architecture knows it', async () => {
    const architectures = [toy];
    const empty = open(blobFiles({}, 'empty'), { architectures });
    await expect(empty).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const other = open(blobFiles({ 'config.json': new Blob(['{"model_type":"llama"}']) }, 'other'), { architectures });
    await expect(other).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('"llama"') });
  });
});
