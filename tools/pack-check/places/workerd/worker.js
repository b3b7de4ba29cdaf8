import { useBackend } from '@diptych/backend-wasm';
import kernels from '@diptych/backend-wasm/wasm/diptych-kernels.wasm';
import relaxed from '@diptych/backend-wasm/wasm/diptych-kernels-relaxed.wasm';
import simd from '@diptych/backend-wasm/wasm/tfjs-backend-wasm-simd.wasm';
import { blobFiles } from '@diptych/files';
import { emoji } from '@diptych/model-emoji';
import config from '@diptych/model-emoji/weights/config.json';
import weights from '@diptych/model-emoji/weights/model.safetensors';
import { embed } from './embed.js';
import picture from './picture.png';

const wasmPaths = {
  'diptych-kernels.wasm': kernels,
  'diptych-kernels-relaxed.wasm': relaxed,
  'tfjs-backend-wasm-simd.wasm': simd,
};

export default {
  async fetch() {
    await useBackend('wasm', { wasmPaths, threads: 1 });
    const { open } = blobFiles(
      {
        'config.json': new Blob([JSON.stringify(config)]),
        'model.safetensors': new Blob([weights]),
      },
      'emoji',
    );
    return Response.json(await embed(new Blob([picture]), { ...emoji, open }));
  },
};
