import { expect, it } from 'vitest';
import { defaultBackend, useBackend } from '../src/index.ts';
import { coreCount } from '../src/threads/core-count.ts';

it('an undefined number of threads is an absent one', async () => {
  expect(await useBackend('wasm', { threads: undefined })).toMatchObject({ threads: coreCount() });
});

it('the default is wasm, without a reason to fall back', async () => {
  const info = await defaultBackend();
  expect(info).toMatchObject({ name: 'wasm' });
  expect(info.missing).toEqual([]);
});
