import { useBackend } from '@diptych/backend-wasm';
import { beforeAll, describe } from 'vitest';

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
const backends = inNode ? (['cpu', 'wasm'] as const) : (['wasm'] as const);

/** The same tests on every backend that is to give the same numbers: cpu and wasm in Node, wasm in Chromium. */
export function describeBackends(name: string, body: (backend: 'cpu' | 'wasm') => void): void {
  describe.each(backends)(`${name} on %s`, (backend) => {
    beforeAll(async () => {
      if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
      await useBackend(backend);
    });
    body(backend);
  });
}
