import { type BackendInfo, type BackendName, defaultBackend, useBackend } from '@diptych/backend-wasm';
import type { LoadOptions } from '@diptych/nn';

/** A backend that runs; that of `auto` may change when it is known how large the model is. */
export interface ChosenBackend {
  readonly running: () => BackendInfo;
  readonly onBegin?: LoadOptions['onBegin'];
}

/** @param name `auto`, the name of a backend, or nothing for the default one. */
export async function chooseBackend(name: BackendName | 'auto' | undefined): Promise<ChosenBackend> {
  let running = await begun(name);
  let decided = false;
  if (name !== 'auto') return { running: () => running };
  return {
    running: () => running,
    // Of a pair the first model decides, so that both are on one.
    async onBegin(loading) {
      if (decided) return;
      decided = true;
      const { autoBackend } = await import('./webgpu/auto-backend.ts');
      running = await autoBackend(loading, running);
    },
  };
}

async function begun(name: string | undefined): Promise<BackendInfo> {
  if (!name || name === 'auto') return defaultBackend();
  if (name !== 'webgpu') return useBackend(name);
  const { startWebgpu } = await import('./webgpu/start-webgpu.ts');
  return startWebgpu();
}
