import { encodeSafetensors, openCheckpoint } from '@diptych/checkpoint';
import { blobFiles } from '@diptych/files';
import { describeGolden, given, goldenBytes, goldenJson } from '@diptych/golden';
import { expect, it } from 'vitest';
import { open } from '../../src/index.ts';
import { configReader, type TextBatch } from '@diptych/core';
import type { TowerPlan } from '../../src/model-plan.ts';
import { openClipPlan } from '../../src/open-clip/open-clip.ts';
import { expectRows } from './expect-kind.ts';
import { readKind, withoutWeights } from './kinds.ts';

/** What a planned tower makes of items, for which it needs no weights. */
function madeOf<Item>(plan: TowerPlan<Item>) {
  const tower = plan.make({ part: given }, '', {});
  const read = async (item: Item) => (tower.read ? tower.read(item, {}) : item);
  return async (items: readonly Item[]) => tower.preprocess(await Promise.all(items.map(read)));
}

/** Files of a kind, by the names that they get here. */
async function filesOf(kind: string, names: Readonly<Record<string, string>>): Promise<Record<string, Blob>> {
  const blobs = Object.entries(names).map(async ([name, file]) => {
    return [name, new Blob([await goldenBytes(`zoo/kinds/${kind}/${file}`)])] as const;
  });
  return Object.fromEntries(await Promise.all(blobs));
}

const own = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]));
const described = own('config.json', 'open_clip_config.json', 'preprocessor_config.json', 'tokenizer.json');

describeGolden('whose repository it is', () => {
  it.each([
    ['clip', 'model.safetensors'],
    ['open_clip', 'open_clip_model.safetensors'],
  ])('is told by the names in model.safetensors: those of %s', async (architecture, file) => {
    const files = await filesOf('dual-laion', { ...described, 'model.safetensors': file });
    using space = await open(blobFiles(files, 'dual'));
    expect(space.architecture).toBe(architecture);
    await expectRows(space, await readKind('dual-laion'));
  });

  it('is open_clip, where its own file is beside any other', async () => {
    const names = own('open_clip_model.safetensors', 'model.safetensors', 'pytorch_model.bin');
    using space = await open(blobFiles(await filesOf('dual-laion', { ...described, ...names }), 'dual'));
    expect(space.architecture).toBe('open_clip');
  });
});

describeGolden('part of a repository', () => {
  it('a BERT without the configuration of its pooling is refused', async () => {
    const files = await filesOf('st-bge', own('config.json', 'modules.json', 'model.safetensors', 'vocab.txt'));
    await expect(open(blobFiles(files, 'bge'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'bge/1_Pooling/config.json: expected how tokens are pooled, got no such file',
    });
  });

  it('of SigLIP the image tower alone opens, by its own configuration', async () => {
    const files = await filesOf('siglip-hf', own('preprocessor_config.json', 'model.safetensors'));
    const checkpoint = await openCheckpoint(blobFiles(files, 'whole'));
    const names = [...checkpoint.names].filter((name) => name.startsWith('vision_model.'));
    const arrays = await Promise.all(names.map(async (name) => [name, await checkpoint.read(name)] as const));
    const { vision_config } = await goldenJson<{ vision_config: object }>('zoo/kinds/siglip-hf/config.json');
    const tower = {
      ...files,
      'config.json': new Blob([JSON.stringify({ model_type: 'siglip', vision_config })]),
      'model.safetensors': new Blob([encodeSafetensors(arrays)]),
    };
    using space = await open(blobFiles(tower, 'tower'));
    expect(space.modalities).toEqual(['image']);
    const { image, ...rest } = await readKind('siglip-hf');
    await expectRows(space, { ...rest, text: undefined, image });
  });
});

describeGolden('what a refusal says', () => {
  const config = new Blob([
    JSON.stringify({ model_type: 'bert', _name_or_path: 'sentence-transformers/all-MiniLM-L6-v2' }),
  ]);
  it.each([
    ['onnx/model_quantized.onnx', 'it holds onnx/model_quantized.onnx (ONNX), which are not read'],
    ['rust_model.ot', 'it holds rust_model.ot (Rust), which are not read'],
    ['weights.pt', 'it holds weights.pt (PyTorch, under a name of its own), which are not read'],
  ])('of %s alone names it and the model that it was made from', async (file, held) => {
    const files = blobFiles({ 'config.json': config, [file]: new Blob(['x']) }, 'it');
    await expect(open(files)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(
        /^it: expected one of model\.safetensors, .*; it holds .*: take sentence-transformers\/all-/,
      ),
    });
    await expect(open(files)).rejects.toThrow(held);
  });

  it('of nothing beside a configuration names the files that it looked for', async () => {
    const message = /^it: expected one of model\.safetensors, .*pytorch_model\.bin\.index\.json, got none$/;
    await expect(open(blobFiles({ 'config.json': config }, 'it'))).rejects.toThrow(message);
  });
});

describeGolden('towers of a fixed size', () => {
  it.each(withoutWeights)('%s: texts and pictures are prepared as by open_clip', async (kind) => {
    const clip = kind.includes('mobileclip') ? ['vocab.json', 'merges.txt'] : [];
    const files = await filesOf(
      kind,
      own('tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', ...clip),
    );
    const json = await goldenJson<{ preprocess_cfg: object; model_cfg: object }>(
      `zoo/kinds/${kind}/open_clip_config.json`,
    );
    const plan = await openClipPlan(
      configReader({ ...json.model_cfg }, kind),
      json.preprocess_cfg,
      blobFiles(files, kind),
    );
    const { texts, ids, pixels_shape: pixels } = await readKind(kind);
    const [text, image] = [madeOf(plan.towers.text!), madeOf(plan.towers.image!)];
    const { ids: got, shape } = (await text(texts)) as TextBatch;
    expect(shape).toEqual([ids!.length, ids![0]!.length]);
    expect([...got]).toEqual(ids!.flat());
    const picture = { data: new Uint8Array(40 * 30 * 3), width: 40, height: 30, channels: 3 } as const;
    const [, channels, height, width] = pixels!;
    expect((await image([picture])).shape).toEqual([1, height, width, channels]);
  });
});
