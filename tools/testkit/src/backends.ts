import { useBackend } from '@diptych/backend-wasm';
import { beforeAll, describe } from 'vitest';

declare const __WEBGPU__: boolean;

type Tested = 'cpu' | 'wasm' | 'webgpu';

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
const backends: readonly Tested[] = inNode ? ['cpu', 'wasm'] : [__WEBGPU__ ? 'webgpu' : 'wasm'];

/**
 * The same tests on every backend that is to give the same numbers: cpu and wasm in Node, wasm in Chromium; in its project
 * `webgpu` that alone, which fails where there is no adapter.
 */
export function describeBackends(name: string, body: (backend: Tested) => void): void {
  describe.each(backends)(`${name} on %s`, (backend) => {
    beforeAll(async () => {
      if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
      if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
      await useBackend(backend);
    });
    body(backend);
  });
}
