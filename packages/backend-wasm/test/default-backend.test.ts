import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { defaultBackend, useBackend } from '../src/index.ts';

// One test file is one process or page: tfjs takes the paths once.
it('wrong wasm paths are an error that names them; the default falls back to cpu and says so', async () => {
  const wasmPaths = '/nowhere/';
  await expect(useBackend('wasm', { wasmPaths })).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(
      /^wasm: expected to start, got .*; check \/nowhere\/.*-simd.*\.wasm, set wasmPaths, or use 'cpu'$/,
    ),
  });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (let i = 0; i < 2; i++) {
    const info = await defaultBackend({ wasmPaths });
    expect(info).toMatchObject({ name: 'cpu', missing: [expect.stringContaining('/nowhere/')] });
    expect(tf.getBackend()).toBe('cpu');
    expect(await useBackend('cpu')).toEqual(info);
  }
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/computing on 'cpu'.*\/nowhere\/.*set wasmPaths/)]]);
  warn.mockRestore();
});
