import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it, vi } from 'vitest';
import { linearAlgebra, scoreKernel } from '../src/algebra.ts';
import { defaultBackend, useBackend } from '../src/index.ts';
import { searchKernels } from '../src/search.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

// One test file is one process or page: a backend starts once.
it('without WebAssembly wasm is unavailable and says what to do, cpu is the default, and we alone write on the console', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const [warn, error] = (['warn', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  );
  await expect(useBackend('wasm')).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(/^wasm: expected WebAssembly, .* use 'cpu'$/),
  });
  expect(await defaultBackend()).toMatchObject({ name: 'cpu', missing: [expect.stringContaining('WebAssembly')] });
  expect([...tf.tidy(() => tf.add([1, 2], [3, 4]).dataSync())]).toEqual([4, 6]);
  for (const load of [linearAlgebra, scoreKernel, searchKernels]) expect(await load()).toBeUndefined();
  expect([warn!.mock.calls, error!.mock.calls]).toEqual([
    [[expect.stringMatching(/computing on 'cpu'.*WebAssembly/)]],
    [],
  ]);
});
