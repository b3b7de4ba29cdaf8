import { useBackend } from '@diptych/backend-wasm';
import { blobFiles } from '@diptych/files';
import { expectClose, expectNoLeak } from '@diptych/testkit';
import { expect, it, vi } from 'vitest';
import { open } from '../../src/index.ts';
import { begun, image, texts, towers } from '../begun-dual-encoder.ts';

const { cnn, vit } = towers.image;
const { gru, 'two-way lstm': lstm, bag, transformer } = towers.text;

it.each([
  ['gru and cnn', gru, cnn],
  ['two-way lstm and vit', lstm, vit],
  ['bag and cnn', bag, cnn],
  ['transformer and vit', transformer, vit],
])('a dual encoder of %s gives on webgpu what it gives on wasm', async (_, text, config) => {
  const warn = vi.spyOn(console, 'warn');
  await useBackend('wasm');
  await expectNoLeak(async () => {
    const { model, files } = begun(text, config);
    model[Symbol.dispose]();
    using onWasm = await open(blobFiles(files, 'begun'));
    using onGpu = await open(blobFiles(files, 'begun'), { backend: 'webgpu' });
    const of = async (space: typeof onGpu) =>
      Promise.all([space.embed('text', [...texts, 'a'.repeat(40)]), space.embed('image', [image])]);
    const [rows, expected] = [await of(onGpu), await of(onWasm)];
    rows.forEach(({ data }, i) => expectClose(data, expected[i]!.data, 1e-5));
  });
  // Of a synchronous reading from the card, which takes long.
  expect(warn).not.toHaveBeenCalled();
});
