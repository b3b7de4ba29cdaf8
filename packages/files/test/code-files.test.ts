import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { blobFiles, codeFiles, familyConfig } from '../src/index.ts';

const bytes = Uint8Array.of(1, 2, 3);
const own = {
  name: '@acme/model',
  config: { model_type: 'acme', dim: 4 },
  weights: () => new URL('data:application/octet-stream;base64,AQID'),
};

it('opens what is code and what lies beside it, and nothing else', async () => {
  const open = codeFiles(own);
  const config = await open('config.json');
  expect(new TextDecoder().decode(await config!.read(0, config!.size))).toBe('{"model_type":"acme","dim":4}');
  const weights = await open('model.safetensors');
  expect([weights!.name, await weights!.read(0, weights!.size)]).toEqual(['@acme/model/model.safetensors', bytes]);
  expect(await open('tokenizer.json')).toBeUndefined();
});

it('says what to do where code has no address', async () => {
  const open = codeFiles({
    ...own,
    weights: () => {
      throw new TypeError('Invalid URL');
    },
  });
  await expect(open('model.safetensors')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    where: '@acme/model: model.safetensors',
    cure: expect.stringContaining('@acme/model/weights/') as string,
  });
});

it('reads the configuration of its own family alone', async () => {
  const files = { id: 'acme', open: codeFiles(own) };
  expect((await familyConfig(files, 'acme'))!.count('dim')).toBe(4);
  expect(await familyConfig(files, 'other')).toBeUndefined();
  expect(await familyConfig(blobFiles({}, 'empty'), 'acme')).toBeUndefined();
  const broken = blobFiles({ 'config.json': new Blob(['[1]']) }, 'broken');
  await expect(familyConfig(broken, 'acme')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

it('refuses what is no model', () => {
  for (const wrong of [undefined, 5, {}, { ...own, weights: 5 }]) {
    expect(() => codeFiles(given(wrong))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }) as Error);
  }
});
