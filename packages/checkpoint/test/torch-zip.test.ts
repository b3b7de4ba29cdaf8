import { openCheckpoint, openSafetensors, openTorchZip } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './bytes.ts';
import { call, named, pickleBytes, scripted, storage, tensor, type Value } from './pickle-bytes.ts';
import { zipBytes } from './zip-bytes.ts';

const goldenSource = async (path: string) => bytesSource(path, await goldenBytes(path));

/** Type, shape and bits. */
function same(a: StoredTensor, b: StoredTensor): boolean {
  const [bits, expected] = [a, b].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const alike = a.data.constructor === b.data.constructor && a.shape.join() === b.shape.join();
  return alike && bits!.length === expected!.length && bits!.every((byte, i) => byte === expected![i]);
}

describeGolden('what torch wrote', () => {
  it.each([
    ['oracles/tiny_clip/pytorch_model.bin', 'oracles/tiny_clip/model_with_position_ids.safetensors'],
    ['golden/openai_clip_tiny/vit.pt', 'golden/openai_clip_tiny/vit.safetensors'],
    ['golden/openai_clip_tiny/rn.pt', 'golden/openai_clip_tiny/rn.safetensors'],
    ['models/mira_clip/clip.pt', 'models/mira_clip/model.safetensors'],
  ])('%s equals its safetensors, bit for bit', async (saved, reference) => {
    const ours = await openTorchZip(await goldenSource(saved));
    const theirs = await openSafetensors(await goldenSource(reference));
    expect(new Set(ours.names)).toEqual(new Set(theirs.names));
    const different: string[] = [];
    for (const name of theirs.names) {
      if (!same(await ours.read(name), await theirs.read(name))) different.push(name);
    }
    expect(different).toEqual([]);
  });

  it('halves, a view of a shared storage, a transpose and a scalar are read from a nested state_dict', async () => {
    const checkpoint = await openTorchZip(await goldenSource('oracles/tiny_clip/checkpoint_fp16_nested.pt'));
    const path = 'oracles/tiny_clip/torchbin.json';
    const { sample } = await goldenJson<{ sample: Record<string, number[]> }>(path);
    const whole = await checkpoint.read('state_dict.text_projection.weight');
    const view = await checkpoint.read('state_dict.tied_view');
    const transposed = await checkpoint.read('state_dict.transposed');
    expect([...transposed.data].slice(0, 4)).toEqual(sample['transposed[0,:4] (fp16)']);
    expect(transposed.shape).toEqual([24, 16]);
    expect(view).toEqual({ shape: [4, 24], data: whole.data.slice(0, 96) });
    const column = Array.from({ length: 16 }, (_, row) => whole.data[row * 24 + 5]);
    expect([...transposed.data].slice(5 * 16, 6 * 16)).toEqual(column);
    expect((await checkpoint.read('state_dict.bf16')).shape).toEqual([]);
  });

  it('openCheckpoint takes it where there is no safetensors, without the state_dict around it', async () => {
    const saved = new Blob([await goldenBytes('oracles/tiny_clip/checkpoint_fp16_nested.pt')]);
    const checkpoint = await openCheckpoint(blobFiles({ 'pytorch_model.bin': saved }, 'clip'));
    expect(checkpoint.shape('text_projection.weight')).toEqual([16, 24]);
    expect([...checkpoint.names].some((name) => name.startsWith('state_dict'))).toBe(false);
  });
});

/** A checkpoint of one storage `0` that holds 0, 1, 2, 3, 4, 5 as bytes. */
const archive = (value: Value, zip64 = false) =>
  zipBytes(
    [
      { name: 'model/data.pkl', data: pickleBytes(value) },
      { name: 'model/byteorder', data: new TextEncoder().encode('little') },
      { name: 'model/data/0', data: Uint8Array.of(0, 1, 2, 3, 4, 5) },
    ],
    { zip64, comment: 'any' },
  );
const open = async (value: Value, zip64?: boolean) => openTorchZip(bytesSource('m.bin', archive(value, zip64)));
const six = storage('ByteStorage', '0', 6);

describe('openTorchZip', () => {
  it.each([false, true])('reads an archive, zip64: %s', async (zip64) => {
    const checkpoint = await open(new Map([['a', tensor(six, [2, 3])]]), zip64);
    expect(await checkpoint.read('a')).toEqual({ shape: [2, 3], data: Uint8Array.of(0, 1, 2, 3, 4, 5) });
  });

  it('gives strided views row-major', async () => {
    const views = new Map([
      ['transposed', tensor(six, [3, 2], { strides: [1, 3] })],
      ['column', tensor(six, [2, 1], { strides: [3, 7], offset: 2 })],
      ['every second', tensor(six, [3], { strides: [2] })],
      ['moved axis', tensor(six, [3, 1, 2], { strides: [1, 6, 3] })],
      ['empty', tensor(six, [0, 9], { offset: 6 })],
    ]);
    const checkpoint = await open(views);
    const values = async (name: string) => [...(await checkpoint.read(name)).data];
    expect(await values('transposed')).toEqual([0, 3, 1, 4, 2, 5]);
    expect(await values('column')).toEqual([2, 5]);
    expect(await values('every second')).toEqual([0, 2, 4]);
    expect(await values('moved axis')).toEqual([0, 3, 1, 4, 2, 5]);
    expect(await values('empty')).toEqual([]);
  });

  it('names tensors by the path to them and leaves out what is not one', async () => {
    const parameter = call(named('torch._utils', '_rebuild_parameter'), tensor(six, [2]), true, null);
    const value = new Map<Value, Value>([
      ['epoch', 3],
      ['name', 'ViT-B-32'],
      ['model', new Map<Value, Value>([['a.b', tensor(six, [1])]])],
      ['list', [tensor(six, [3]), null, parameter]],
      [7, tensor(six, [])],
    ]);
    const checkpoint = await open(value);
    expect([...checkpoint.names]).toEqual(['model.a.b', 'list.0', 'list.2', '7']);
    expect(checkpoint.shape('list.2')).toEqual([2]);
  });

  it('reads the modules of a TorchScript archive as dictionaries', async () => {
    const visual = scripted('VisionTransformer', new Map([['proj', tensor(six, [2, 3])]]));
    const model = scripted(
      'CLIP',
      new Map<Value, Value>([
        ['training', false],
        ['visual', visual],
        ['sizes', call(named('torch.jit._pickle', 'build_intlist'), [1, 2])],
      ]),
    );
    const checkpoint = await open(model);
    expect([...checkpoint.names]).toEqual(['visual.proj']);
  });

  it.each([
    ['state_dict.module.a', 'a'],
    ['module.a', 'a'],
    ['other.a', 'other.a'],
  ])('openCheckpoint calls %s %s', async (path, name) => {
    const nested = path.split('.').reduceRight<Value>((value, key) => new Map([[key, value]]), tensor(six, [6]));
    const files = blobFiles({ 'pytorch_model.bin': new Blob([archive(nested)]) }, 'clip');
    const checkpoint = await openCheckpoint(files);
    expect([...checkpoint.names]).toEqual([name]);
    expect((await checkpoint.read(name)).shape).toEqual([6]);
  });

  it('openCheckpoint takes the model of a training checkpoint, and not its optimizer', async () => {
    const dict = (entries: Readonly<Record<string, Value>>): Value => new Map(Object.entries(entries));
    const moments = new Map<Value, Value>([[0, dict({ step: tensor(six, []), exp_avg: tensor(six, [6]) })]]);
    const groups = new Map<Value, Value>([
      ['lr', 1],
      ['betas', [0, 1]],
      ['maximize', false],
      ['foreach', null],
    ]);
    const saved = dict({
      epoch: 3,
      name: 'ViT-B-32',
      state_dict: dict({ 'module.visual.proj': tensor(six, [2, 3]), 'module.logit_scale': tensor(six, []) }),
      optimizer: dict({ state: moments, param_groups: [groups] }),
    });
    const files = blobFiles({ 'open_clip_pytorch_model.bin': new Blob([archive(saved)]) }, 'clip');
    const checkpoint = await openCheckpoint(files, undefined, ['open_clip_pytorch_model.bin']);
    expect([...checkpoint.names]).toEqual(['visual.proj', 'logit_scale']);
    expect((await checkpoint.read('visual.proj')).shape).toEqual([2, 3]);
  });

  it('openCheckpoint joins shards that torch wrote', async () => {
    const index = JSON.stringify({ weight_map: { a: 'pytorch_model-1.bin' } });
    const shard = archive(new Map([['a', tensor(six, [6])]]));
    const files = { 'pytorch_model.bin.index.json': new Blob([index]), 'pytorch_model-1.bin': new Blob([shard]) };
    const checkpoint = await openCheckpoint(blobFiles(files, 'clip'));
    expect((await checkpoint.read('a')).data[5]).toBe(5);
  });

  it('rejects with the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    const source = bytesSource('m.bin', archive(new Map()));
    await expect(openTorchZip(source, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
