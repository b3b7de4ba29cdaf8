import type { BackendInfo } from '@diptych/backend-wasm';
import { EmbeddingError } from '@diptych/core';
import type { Loading } from '@diptych/nn';
import { findAdapter } from './adapter.ts';
import { startWebgpu } from './start-webgpu.ts';

/**
 * Parameters from which `auto` takes WebGPU. A pass there is hundreds of dispatches and a reading back, whatever their size, and
 * the first compiles dozens of shaders: that is worth it where products take most of the time. It stands between the small
 * models that are made for the processor (MiniLM 23 million, MobileCLIP-S0 54) and CLIP B/32, of 151.
 */
export const largeModel = 80_000_000;

/** WebGPU for a large model in float32 where there is a graphics card, else the `default`; says why. */
export async function autoBackend({ size, dtype, packed }: Loading, byDefault: BackendInfo): Promise<BackendInfo> {
  const stays = (reason: string): BackendInfo => withReason(byDefault, reason);
  const millions = `${(size / 1e6).toFixed(1)} million parameters`;
  if (size < largeModel) return stays(`${millions}, and webgpu is taken from ${largeModel / 1e6} million on`);
  if (packed) return stays('the file has weights as the kernels of wasm read them');
  if (dtype !== 'float32') return stays(`${dtype} is multiplied as such by the kernels of wasm alone`);
  const adapter = await findAdapter();
  if (!adapter) return stays('there is no adapter of WebGPU here');
  if (adapter.isSoftware) return stays(`the adapter, ${adapter.name}, is a program and no graphics card`);
  try {
    return { ...(await startWebgpu()), reason: `${millions}, and there is a graphics card` };
  } catch (error) {
    if (error instanceof EmbeddingError && error.code === 'BACKEND_UNAVAILABLE') return stays(error.message);
    throw error;
  }
}

/** Its threads and what is missing stay those of the moment. */
function withReason(info: BackendInfo, reason: string): BackendInfo {
  return Object.defineProperties({ reason }, Object.getOwnPropertyDescriptors(info)) as {
    reason: string;
  } & BackendInfo;
}
