import { EmbeddingError } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { given } from '@diptych/golden';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbedder, type Embedder, type EmbedderWorker } from '../../src/worker/create-embedder.ts';
import { openToy, plain } from '../toy.ts';
import { toyWorker } from './start.ts';

const images = [plain(1, 2, 3), plain(9, 1, 5), plain(7, 7, 2), plain(4, 4, 4), plain(5, 6, 7)];
const damaged = new Uint8Array([1, 2, 3]);

async function thrown(call: Promise<unknown>): Promise<EmbeddingError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EmbeddingError);
  return error as EmbeddingError;
}

describe('an embedder in a worker', () => {
  let worker: EmbedderWorker & { terminate(): unknown };
  let embedder: Embedder;
  beforeAll(async () => {
    worker = await toyWorker();
    embedder = await createEmbedder({ model: 'toy', worker });
  });
  afterAll(async () => {
    embedder.dispose();
    await worker.terminate();
  });

  it('says of itself what the space says', async () => {
    using space = await openToy();
    for (const name of [
      'id',
      'architecture',
      'dim',
      'modalities',
      'similarityFunction',
      'parameters',
      'bytes',
      'dtype',
    ] as const)
      expect(embedder[name]).toEqual(space[name]);
    expect(embedder.backend).toMatchObject({ name: space.backend.name, version: space.backend.version });
  });

  it('gives the tokens of a space in this thread', async () => {
    using space = await openToy();
    for (const texts of ['a', ['a', 'bb'], new Set(['ccc'])]) {
      for (const options of [{}, { prompt: 'query: ' }]) {
        expect(await embedder.tokenize(texts, options)).toEqual(await space.tokenize(texts, options));
      }
    }
    expect(await thrown(embedder.tokenize([given(1)]))).toMatchObject({ code: 'INPUT_INVALID' });
    await expect(embedder.tokenize('a', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  it('gives the rows of a space in this thread, to the bit', async () => {
    using space = await openToy();
    const texts = ['a', 'bb', 'ccc'];
    for (const options of [
      {},
      { normalize: false },
      { truncateDim: 2, batchSize: 2 },
      { precision: 'int8' },
    ] as const) {
      expect(await embedder.embed('text', texts, options)).toEqual(await space.embed('text', texts, options));
      expect(await embedder.embed('image', images, options)).toEqual(await space.embed('image', images, options));
    }
    const rows = await embedder.embed('image', images);
    expect(embedder.similarity(rows, rows)).toEqual(space.similarity(rows, rows));
    const batch = { ids: Int32Array.of(1, 2, 3), mask: Int32Array.of(1, 1, 1), shape: [1, 3] } as const;
    expect(await embedder.encode('text', batch)).toEqual(await space.encode('text', batch));
    const options = { templates: ['{}', 'a {}'] };
    const expected = await space.classify(images, ['a', 'bb'], options);
    expect(await embedder.classify(images, ['a', 'bb'], options)).toEqual(expected);
    expect(await embedder.classify(rows, ['a', 'bb'], options)).toEqual(expected);
  });

  it('takes one item, none, and those of an iterator', async () => {
    using space = await openToy();
    async function* later() {
      for (const text of ['a', 'bb', 'ccc']) yield text;
    }
    expect(await embedder.embed('text', 'abc')).toEqual(await space.embed('text', 'abc'));
    expect(await embedder.embed('image', plain(1, 2, 3))).toEqual(await space.embed('image', plain(1, 2, 3)));
    expect(await embedder.embed('text', [])).toEqual(await space.embed('text', []));
    const seen: number[] = [];
    const blocks = [];
    const options = { batchSize: 2, onProgress: (done: number) => seen.push(done) };
    for await (const block of embedder.stream('text', later(), options)) blocks.push(block.shape[0]);
    expect([blocks, seen]).toEqual([
      [2, 1],
      [2, 3],
    ]);
  });

  it('posts of a part of a buffer that part, and leaves it to its owner', async () => {
    const all = new Uint8Array(1 << 20);
    all.set([9, 8, 7, 9, 8, 7], 4);
    const image = { data: all.subarray(4, 10), width: 2, height: 1, channels: 3 } as const;
    const rows = await embedder.embed('image', [image], { normalize: false });
    expect([...rows.data]).toEqual([9, 8, 7]);
    expect(rows.data.buffer.byteLength).toBe(12);
    expect(all.length).toBe(1 << 20);
  });

  it('throws what the space throws, with code and fields', async () => {
    using space = await openToy();
    const calls: ((one: Embedder) => Promise<unknown>)[] = [
      async (one) => one.embed('image', [images[0]!, damaged]),
      async (one) => one.embed('text', ['a'], { batchSize: 0 }),
      async (one) => one.embed('text', ['a'], { truncateDim: 4 }),
      async (one) => one.embed('sound' as 'text', ['a']),
      async (one) => one.classify(images, ['a', 'a']),
      async (one) => one.classify(images, ['a'], { templates: 'b' }),
    ];
    for (const call of calls) {
      const expected = await thrown(call(space));
      const { code, message, where, got } = await thrown(call(embedder));
      expect({ code, message, where, got }).toEqual({
        code: expected.code,
        message: expected.message,
        where: expected.where,
        got: expected.got,
      });
    }
  });

  it('refuses wrong options before the first item is asked for', async () => {
    let asked = 0;
    function* items() {
      asked++;
      yield 'a';
    }
    expect((await thrown(embedder.embed('text', items(), { batchSize: -1 }))).code).toBe('INPUT_INVALID');
    expect(asked).toBe(0);
  });

  it('refuses what cannot be posted', async () => {
    const image = { ...plain(1, 2, 3), more: () => {} };
    expect(await thrown(embedder.embed('image', [image]))).toMatchObject({ code: 'INPUT_INVALID', where: 'worker' });
  });

  it('leaves out items that cannot be read, and tells their places', async () => {
    const skipped: [string, number][] = [];
    const seen: number[] = [];
    const rows = await embedder.embed('image', [images[0]!, damaged, images[1]!, damaged, damaged, images[2]!], {
      batchSize: 2,
      normalize: false,
      onSkip: ({ code }, at) => skipped.push([code, at]),
      onProgress: (done) => seen.push(done),
    });
    expect([...rows.data]).toEqual([1, 2, 3, 9, 1, 5, 7, 7, 2]);
    expect(skipped).toEqual([1, 3, 4].map((at) => ['IMAGE_INVALID', at]));
    expect(seen).toEqual([2, 4, 6]);
    const alone: number[] = [];
    await embedder.embed('image', [images[0]!, images[1]!, damaged], {
      batchSize: 2,
      onSkip: (_, at) => alone.push(at),
    });
    expect(alone).toEqual([2]);
  });

  it('does not mix up callers at once', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    const calls = texts.map(async (text) =>
      embedder.embed('text', [text, `${text}y`], { batchSize: 1, normalize: false }),
    );
    const lengths = (await Promise.all(calls)).map(({ data }) => [data[0], data[3]]);
    expect(lengths).toEqual(texts.map((text) => [text.length, text.length + 1]));
  });

  it('leaves this thread free, and hears a signal at once', async () => {
    using slow = await createEmbedder({ model: 'slow', worker });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const reason = new Error('enough');
    const stop = new AbortController();
    const many = Array.from({ length: 1000 }, (_, i) => `${i}`);
    const stopped = slow.embed('text', many, { batchSize: 1, signal: stop.signal });
    const other = slow.embed('text', ['a', 'b'], { batchSize: 1, normalize: false });
    expect([...(await other).data]).toEqual([1, 97, 1, 1, 98, 1]);
    stop.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
    expect((await slow.embed('text', ['a'])).shape).toEqual([1, 3]);
  });

  it('ends what is under way with DISPOSED, and leaves others alone', async () => {
    const other = await createEmbedder({ model: 'slow', worker });
    const pending = thrown(other.embed('text', ['a', 'b'], { batchSize: 1 }));
    other.dispose();
    other.dispose();
    expect(await pending).toMatchObject({ code: 'DISPOSED', where: 'toy-model' });
    expect((await thrown(other.embed('text', 'a'))).code).toBe('DISPOSED');
    expect((await embedder.embed('text', ['a'])).shape).toEqual([1, 3]);
  });

  it('opens files of this thread, and tells of them', async () => {
    const opened: string[] = [];
    const warnings: string[] = [];
    const card = new Blob(['---\nlicense: cc-by-nc-4.0\n---\n']);
    const files = blobFiles({ toy: new Blob(['abc']), 'README.md': card }, 'mine');
    const onWarning = (warning: string) => warnings.push(warning);
    using one = await createEmbedder({ model: files, worker, onFile: (path) => opened.push(path), onWarning });
    expect([one.id, one.architecture, opened]).toEqual(['mine', 'toy', ['toy']]);
    expect(warnings).toEqual(['mine: warning: licence cc-by-nc-4.0: not for commercial use']);
    const read: Files = {
      id: 'mine',
      open: async () =>
        Promise.reject(
          new EmbeddingError('NETWORK', { where: 'mine', expected: 'an answer', got: 'none from far away' }),
        ),
    };
    expect(await thrown(createEmbedder({ model: read, worker }))).toMatchObject({
      code: 'NETWORK',
      message: 'mine: expected an answer, got none from far away',
    });
  });

  it('ends the opening with what a function of the caller throws', async () => {
    const files = blobFiles({ toy: new Blob(['abc']) }, 'mine');
    const error = new Error('mine');
    const onFile = (): never => {
      throw error;
    };
    await expect(createEmbedder({ model: files, worker, onFile })).rejects.toBe(error);
  });

  it('refuses a model with code, and one that is not there', async () => {
    const { toy } = await import('../toy.ts');
    const packaged = { ...blobFiles({}, 'mine'), architecture: toy };
    const refused = await thrown(createEmbedder({ model: packaged, worker }));
    expect(refused).toMatchObject({
      code: 'INPUT_INVALID',
      where: 'model',
      cure: expect.stringContaining('serveEmbedder'),
    });
    expect((await thrown(createEmbedder({ model: blobFiles({}, 'none'), worker }))).code).toBe('NOT_FOUND');
  });

  it('runs in this thread where it is asked to', async () => {
    const { toy } = await import('../toy.ts');
    using one = await createEmbedder({
      model: { ...blobFiles({ toy: new Blob([]) }, 'm'), architecture: toy },
      worker: false,
    });
    using space = await openToy();
    expect((await one.embed('text', 'a')).data).toEqual((await space.embed('text', 'a')).data);
  });
});
