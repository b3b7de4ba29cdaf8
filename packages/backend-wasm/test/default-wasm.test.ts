import { expect, it } from 'vitest';
import { defaultBackend } from '../src/index.ts';

it('the default is wasm, without a reason to fall back', async () => {
  const info = await defaultBackend();
  expect(info).toMatchObject({ name: 'wasm' });
  expect(info.fallbackReason).toBeUndefined();
});
