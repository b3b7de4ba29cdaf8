import { openTfjsWeights } from '@diptych/checkpoint';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { describe, expect, it } from 'vitest';

type Blobs = Readonly<Record<string, Blob>>;

const json = (value: unknown) => new Blob([typeof value === 'string' ? value : JSON.stringify(value)]);
const bytes = (...values: readonly number[]) => new Blob([Uint8Array.from(values)]);
const model = (...weightsManifest: readonly unknown[]) => json({ format: 'layers-model', weightsManifest });
const one = (weight: unknown) => model({ paths: ['a.bin'], weights: [weight] });
const open = (files: Blobs) => openTfjsWeights(blobFiles(files, 'net'));

const float = { name: 'w', dtype: 'float32', shape: [1] };

describe('openTfjsWeights', () => {
  it('joins the shards of a group and keeps groups apart', async () => {
    const floats = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    const checkpoint = await open({
      'model.json': model(
        {
          paths: ['a.bin', 'sub/b.bin', 'c.bin'],
          weights: [
            { ...float, name: 'x/kernel', shape: [2] },
            { ...float, name: 'y', shape: [] },
          ],
        },
        { paths: ['d.bin'], weights: [{ name: 'z', dtype: 'int32', shape: [1, 1] }] },
        { paths: [], weights: [] },
      ),
      'a.bin': new Blob([floats.subarray(0, 5)]),
      'sub/b.bin': new Blob([floats.subarray(5, 6)]),
      'c.bin': new Blob([floats.subarray(6)]),
      'd.bin': bytes(254, 255, 255, 255),
    });
    expect([...checkpoint.names]).toEqual(['x/kernel', 'y', 'z']);
    expect(checkpoint.shape('y')).toEqual([]);
    expect(await checkpoint.read('x/kernel')).toEqual({ shape: [2], data: Float32Array.of(1, 2) });
    expect(await checkpoint.read('y')).toEqual({ shape: [], data: Float32Array.of(3) });
    expect(await checkpoint.read('z')).toEqual({ shape: [1, 1], data: Int32Array.of(-2) });
    await expect(checkpoint.read('toString')).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });

  it.each([
    ['uint8', [7, 255], Uint8Array.of(7, 255)],
    ['bool', [0, 1], Uint8Array.of(0, 1)],
    ['int32', [1, 0, 0, 0, 0, 0, 0, 128], Int32Array.of(1, -(2 ** 31))],
    ['float32', [0, 0, 128, 63, 0, 0, 192, 127], Float32Array.of(1, NaN)],
  ])('reads %s', async (dtype, data, expected) => {
    const checkpoint = await open({ 'model.json': one({ name: 'w', dtype, shape: [2] }), 'a.bin': bytes(...data) });
    expect((await checkpoint.read('w')).data).toEqual(expected);
  });

  it.each([
    ['float32', { dtype: 'uint8', scale: 0.1, min: -1 }, [0, 255], Float32Array.of(-1, 255 * 0.1 - 1)],
    ['float32', { dtype: 'uint16', scale: 2, min: 1 }, [0, 1, 1, 0], Float32Array.of(513, 3)],
    ['float32', { dtype: 'float16' }, [0, 0x3c, 0, 0xc0], Float32Array.of(1, -2)],
    ['int32', { dtype: 'uint8', scale: 0.3, min: -5 }, [0, 9], Int32Array.of(-5, -2)],
  ])('gives %s tensors quantised as %o the values they stand for', async (dtype, quantization, data, expected) => {
    const weight = { name: 'w', dtype, shape: [2], quantization };
    const checkpoint = await open({ 'model.json': one(weight), 'a.bin': bytes(...data) });
    expect((await checkpoint.read('w')).data).toEqual(expected);
  });

  it('reads of each shard only what belongs to the tensor', async () => {
    const ranges: [path: string, begin: number, end: number][] = [];
    const inner = blobFiles(
      {
        'model.json': model({
          paths: ['a.bin', 'b.bin'],
          weights: ['p', 'q', 'r'].map((name) => ({ name, dtype: 'uint8', shape: [4] })),
        }),
        'a.bin': bytes(1, 2, 3, 4, 5, 6),
        'b.bin': bytes(7, 8, 9, 10, 11, 12),
      },
      'net',
    );
    const watched: Files = {
      id: 'net',
      async open(path) {
        const source = await inner.open(path);
        if (!source || path === 'model.json') return source;
        return { ...source, read: (begin, end) => (ranges.push([path, begin, end]), source.read(begin, end)) };
      },
    };
    const checkpoint = await openTfjsWeights(watched);
    expect(ranges).toEqual([]);
    expect((await checkpoint.read('q')).data).toEqual(Uint8Array.of(5, 6, 7, 8));
    expect((await checkpoint.read('r')).data).toEqual(Uint8Array.of(9, 10, 11, 12));
    expect(ranges).toEqual([
      ['a.bin', 4, 6],
      ['b.bin', 0, 2],
      ['b.bin', 2, 6],
    ]);
  });

  it('gives arrays of their own, which a caller may change', async () => {
    const checkpoint = await open({ 'model.json': one(float), 'a.bin': bytes(0, 0, 128, 63) });
    (await checkpoint.read('w')).data[0] = 7;
    expect((await checkpoint.read('w')).data[0]).toBe(1);
  });

  it('takes __proto__ as a name like any other', async () => {
    const weights = '[{"name":"__proto__","dtype":"uint8","shape":[1]}]';
    const manifest = `{"weightsManifest":[{"paths":["a.bin"],"weights":${weights}}]}`;
    const checkpoint = await open({ 'model.json': json(manifest), 'a.bin': bytes(3) });
    expect((await checkpoint.read('__proto__')).data).toEqual(Uint8Array.of(3));
  });

  it('says that there is no model.json', async () => {
    await expect(open({})).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/net.*model\.json/),
    });
  });

  it('rejects with the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    const files = blobFiles({ 'model.json': one(float), 'a.bin': bytes(0, 0, 0, 0) }, 'net');
    await expect(openTfjsWeights(files, AbortSignal.abort(reason))).rejects.toBe(reason);
    const checkpoint = await openTfjsWeights(files);
    await expect(checkpoint.read('w', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('a model.json that breaks its promise is refused, naming the file and the tensor', () => {
  const quantized = (quantization: unknown, dtype = 'float32') => one({ ...float, dtype, quantization });
  const paths = (...list: readonly unknown[]) => model({ paths: list, weights: [float] });
  it.each<[problem: string, file: Blob, named: RegExp]>([
    ['shard too short', one({ ...float, shape: [2] }), /'w'.*byte 8.*4 bytes in 'a\.bin'/],
    ['shard too long', one({ ...float, shape: [0] }), /expected 0 bytes.*4 bytes in 'a\.bin'/],
    ['shard missing', paths('none.bin'), /expected a shard 'none\.bin' of tensor 'w', got none/],
    ['no shards', paths(), /'w'/],
    ['shard twice in a group', paths('a.bin', 'a.bin'), /'a\.bin'.*twice/],
    [
      'shard in two groups',
      model({ paths: ['a.bin'], weights: [float] }, { paths: ['a.bin'], weights: [] }),
      /'a\.bin'/,
    ],
    ['tensor twice', model({ paths: ['a.bin'], weights: [float, float] }), /'w'.*twice/],
    ['parent folder', paths('../secret.bin'), /path.*secret/],
    ['absolute path', paths('/etc/passwd'), /path.*passwd/],
    ['other host', paths('https://example.org/a.bin'), /path.*example/],
    ['path not a string', paths(1), /path/],
    ['unknown dtype', one({ ...float, dtype: 'float8' }), /'w'.*dtype.*float8/],
    ['inherited dtype', one({ ...float, dtype: 'toString' }), /'w'.*dtype/],
    ['dtype missing', one({ name: 'w', shape: [1] }), /'w'.*dtype/],
    ['negative size', one({ ...float, shape: [-1] }), /'w'.*shape/],
    ['shape missing', one({ name: 'w', dtype: 'float32' }), /'w'.*shape/],
    ['overflowing shape hidden by a zero', one({ ...float, shape: [2 ** 52, 2 ** 52, 0] }), /'w'/],
    ['no name', one({ dtype: 'float32', shape: [1] }), /name/],
    ['tensor not an object', one(null), /name/],
    ['quantized to an unknown dtype', quantized({ dtype: 'int4', scale: 1, min: 0 }), /'w'.*quantization.*int4/],
    ['quantized without a scale', quantized({ dtype: 'uint8', min: 0 }), /'w'.*scale/],
    ['quantized with a scale of text', quantized({ dtype: 'uint8', scale: '1', min: 0 }), /'w'.*scale/],
    ['quantized booleans', quantized({ dtype: 'uint8', scale: 1, min: 0 }, 'bool'), /'w'.*quantization/],
    ['integers as float16', quantized({ dtype: 'float16' }, 'int32'), /'w'.*quantization/],
    ['quantization not an object', quantized(null), /'w'.*quantization/],
    ['group not an object', model(null), /group 0/],
    ['group without weights', model({ paths: [] }), /group 0/],
    ['no manifest', json({ modelTopology: {} }), /weightsManifest/],
    ['manifest an object', json({ weightsManifest: {} }), /weightsManifest/],
    ['a list', json([]), /weightsManifest/],
    ['duplicate key', json('{"weightsManifest":[],"weightsManifest":[]}'), /duplicate key 'weightsManifest'/],
    ['not JSON', json('<html>'), /JSON/],
  ])('%s', async (_problem, file, named) => {
    const opened = open({ 'model.json': file, 'a.bin': bytes(0, 0, 0, 0) });
    await expect(opened).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
    await expect(opened).rejects.toThrow(/^net\/model\.json: /);
    await expect(opened).rejects.toThrow(named);
  });

  it.each(['string', 'complex64'])('a tensor of %s is not read here', async (dtype) => {
    const opened = open({ 'model.json': one({ ...float, dtype }), 'a.bin': bytes(0) });
    await expect(opened).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining(`'w'`) });
  });
});

describeGolden('the weights of a published MobileNet', () => {
  const folder = 'models/mobilenet_v1_0.75_224_tfjs';
  const files: Files = {
    id: folder,
    async open(path) {
      const data = await goldenBytes(`${folder}/${path}`);
      return { name: `${folder}/${path}`, size: data.length, read: async (begin, end) => data.subarray(begin, end) };
    },
  };

  it('are all there, in 55 shards', async () => {
    const checkpoint = await openTfjsWeights(files);
    expect(checkpoint.names.size).toBe(137);
    const values = [...checkpoint.names].map((name) => checkpoint.shape(name).reduce((a, b) => a * b, 1));
    expect(values.reduce((a, b) => a + b)).toBe(2_601_976);
    const { shape, data } = await checkpoint.read('conv_dw_13_bn/moving_variance');
    expect(shape).toEqual([768]);
    expect((data as Float32Array).every((variance) => variance > 0)).toBe(true);
  });
});
