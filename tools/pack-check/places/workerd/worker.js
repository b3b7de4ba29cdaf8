import { useBackend } from '@diptych/backend-wasm';
import kernels from '@diptych/backend-wasm/wasm/diptych-kernels-threads.wasm';
import relaxed from '@diptych/backend-wasm/wasm/diptych-kernels-relaxed-threads.wasm';
import simd from '@diptych/backend-wasm/wasm/tfjs-backend-wasm-simd-shared.wasm';
import { blobFiles } from '@diptych/files';
import { emoji } from '@diptych/model-emoji';
import config from '@diptych/model-emoji/weights/config.json';
import weights from '@diptych/model-emoji/weights/model.safetensors';
import { embed } from './embed.js';
import picture from './picture.png';

const wasmPaths = {
  'diptych-kernels-threads.wasm': kernels,
  'diptych-kernels-relaxed-threads.wasm': relaxed,
  'tfjs-backend-wasm-simd-shared.wasm': simd,
};

export default {
  async fetch() {
    await useBackend('wasm', { wasmPaths, threads: 1 });
    const { open } = blobFiles({
      'config.json': new Blob([JSON.stringify(config)]),
      'model.safetensors': new Blob([weights]),
    });
    return Response.json(await embed(new Blob([picture]), { ...emoji, open }));
  },
};
