import { useBackend } from '@diptych/backend-wasm';
import relaxed from '@diptych/backend-wasm/wasm/diptych-kernels-relaxed.wasm';
import kernels from '@diptych/backend-wasm/wasm/diptych-kernels.wasm';
import simd from '@diptych/backend-wasm/wasm/tfjs-backend-wasm-simd.wasm';
import { blobFiles } from '@diptych/files';
import { emoji } from '@diptych/model-emoji';
import config from '@diptych/model-emoji/weights/config.json';
import weights from '@diptych/model-emoji/weights/model.safetensors';
import { embed } from './embed.js';
import picture from './picture.png';

const wasmPaths = {
  'diptych-kernels-relaxed.wasm': relaxed,
  'diptych-kernels.wasm': kernels,
  'tfjs-backend-wasm-simd.wasm': simd,
};

export default {
  async fetch() {
    await useBackend('wasm', { wasmPaths });
    const { open } = blobFiles({
      'config.json': new Blob([JSON.stringify(config)]),
      'model.safetensors': new Blob([weights]),
    });
    return Response.json(await embed(new Blob([picture]), { ...emoji, open }));
  },
};
