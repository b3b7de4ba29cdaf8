import { openCheckpoint } from '@diptych/checkpoint';
import { blobFiles } from '@diptych/files';
import { describe, expect, it } from 'vitest';
import { safetensorsBytes } from './bytes.ts';

/** A file of scalars: 1, 2, 3… in the order of the names. */
function scalars(...names: readonly string[]): Blob {
  const header = Object.fromEntries(
    names.map((name, i) => [name, { dtype: 'U8', shape: [], data_offsets: [i, i + 1] }] as const),
  );
  const values = names.map((_, i) => i + 1);
  return new Blob([safetensorsBytes(header, values)]);
}

const json = (value: unknown) => new Blob([typeof value === 'string' ? value : JSON.stringify(value)]);
const index = (weightMap: unknown) => json({ metadata: { total_size: 3 }, weight_map: weightMap });
const open = async (files: Readonly<Record<string, Blob>>, signal?: AbortSignal) =>
  openCheckpoint(blobFiles(files, 'clip'), signal);

describe('openCheckpoint', () => {
  it('reads model.safetensors', async () => {
    const checkpoint = await open({ 'model.safetensors': scalars('a') });
    expect(await checkpoint.read('a')).toEqual({ shape: [], data: Uint8Array.of(1) });
  });

  it('takes the first of the files that the caller names, and no other', async () => {
    const files = blobFiles({ 'model.safetensors': scalars('hf'), 'second.safetensors': scalars('oc') }, 'clip');
    const checkpoint = await openCheckpoint(files, undefined, ['first.safetensors', 'second.safetensors']);
    expect([...checkpoint.names]).toEqual(['oc']);
    await expect(openCheckpoint(files, undefined, ['first.safetensors'])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'clip: expected one of first.safetensors, first.safetensors.index.json, got none',
    });
  });

  it('keeps the notes of shards, which may not contradict each other', async () => {
    const noted = (name: string, dtype: string) =>
      new Blob([
        safetensorsBytes(
          { __metadata__: { format: 'pt', dtype }, [name]: { dtype: 'U8', shape: [], data_offsets: [0, 1] } },
          [1],
        ),
      ]);
    const files = (other: string) => ({
      'model.safetensors.index.json': index({ a: 'one.safetensors', b: 'two.safetensors' }),
      'one.safetensors': noted('a', 'int8'),
      'two.safetensors': noted('b', other),
    });
    const checkpoint = await open(files('int8'));
    expect([...checkpoint.metadata!]).toEqual([
      ['format', 'pt'],
      ['dtype', 'int8'],
    ]);
    expect(await checkpoint.readRange!('b', [0, 1])).toEqual(Uint8Array.of(1));
    await expect(open(files('int16'))).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringContaining("note 'dtype': expected 'int8', as another shard has it, got 'int16'"),
    });
  });

  it('joins the shards of model.safetensors', async () => {
    const checkpoint = await open({
      'model.safetensors.index.json': index({
        a: 'one.safetensors',
        c: 'sub/two.safetensors',
        b: 'one.safetensors',
      }),
      'one.safetensors': scalars('a', 'b'),
      'sub/two.safetensors': scalars('c'),
    });
    expect(new Set(checkpoint.names)).toEqual(new Set(['a', 'b', 'c']));
    expect(checkpoint.shape('c')).toEqual([]);
    expect((await checkpoint.read('b')).data).toEqual(Uint8Array.of(2));
    expect((await checkpoint.read('c')).data).toEqual(Uint8Array.of(1));
    await expect(checkpoint.read('toString')).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });

  it('says which files it looked for', async () => {
    await expect(open({ 'config.json': json({}) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(
        /^clip: .*model\.safetensors, model\.safetensors\.index\.json, pytorch_model\.bin/,
      ),
    });
  });

  it('rejects with the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    await expect(open({ 'model.safetensors': scalars('a') }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('an index that does not match its shards is refused, naming the file and the tensor', () => {
  const one = 'one.safetensors';
  const two = 'two.safetensors';
  it.each<[problem: string, index: Blob, named: RegExp]>([
    ['missing shard', index({ z: 'none.safetensors', a: one }), /index\.json.*'none\.safetensors'/],
    ['listed, not held', index({ z: two, a: one }), /two\.safetensors.*'z'/],
    ['held, not listed', index({ a: one }), /one\.safetensors.*'both'/],
    ['in two shards', index({ a: one, both: one, b: two }), /two\.safetensors.*'both'.*'one\.safetensors'/],
    ['parent folder', index({ a: '../secret.safetensors' }), /index\.json.*'a'.*secret/],
    ['absolute path', index({ a: '/etc/passwd' }), /index\.json.*'a'.*passwd/],
    ['drive', index({ a: 'C:\\x.safetensors' }), /index\.json.*'a'/],
    ['other host', index({ a: 'https://example.org/x.safetensors' }), /index\.json.*'a'/],
    ['path not a string', index({ a: 1 }), /index\.json.*'a'/],
    ['duplicate tensor', json(`{"weight_map":{"a":"${one}","a":"${two}"}}`), /index\.json.*duplicate key 'a'/],
    ['no weight_map', json({ metadata: {} }), /index\.json.*weight_map/],
    ['weight_map a list', index([one]), /index\.json.*weight_map/],
    ['null', json('null'), /index\.json.*weight_map/],
    ['not JSON', json('<html>'), /index\.json.*JSON/],
  ])('%s', async (_problem, file, named) => {
    const opened = open({
      'model.safetensors.index.json': file,
      [one]: scalars('a', 'both'),
      [two]: scalars('b', 'both'),
    });
    await expect(opened).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
    await expect(opened).rejects.toThrow(named);
  });
});
