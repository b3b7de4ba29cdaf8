import { afterEach, expect, it, vi } from 'vitest';
import { linearAlgebra } from '../src/algebra.ts';
import { defaultBackend, useBackend } from '../src/index.ts';

afterEach(() => vi.restoreAllMocks());

/** As an engine does that has too little address space for one more memory. */
function refuseMemory(): void {
  const refuse = (): never => {
    throw new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance');
  };
  vi.spyOn(WebAssembly, 'instantiate').mockImplementation(async () => refuse());
  vi.spyOn(WebAssembly, 'instantiateStreaming').mockImplementation(async () => refuse());
}

// One test file is one process or page: a backend starts once.
it('without address space wasm is unavailable and says what to do, with one word of ours on the console', async () => {
  refuseMemory();
  const [warn, error] = (['warn', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  );
  const message = expect.stringMatching(/^wasm: expected to start, got .*Out of memory.*ulimit -v.* use 'cpu'$/);
  await expect(useBackend('wasm')).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE', message });
  expect(await defaultBackend()).toMatchObject({ name: 'cpu', missing: [expect.stringContaining('ulimit')] });
  await expect(linearAlgebra()).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(/^linear algebra: expected to start, got .*ulimit -v/),
  });
  expect([warn!.mock.calls, error!.mock.calls]).toEqual([[[expect.stringMatching(/computing on 'cpu'.*ulimit/)]], []]);
});
