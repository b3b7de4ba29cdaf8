import { useBackend } from '@diptych/backend-wasm';
import type { EmbeddingSpace, TextAndImage } from 'diptych';

/** What pages have besides. */
export async function use(space: EmbeddingSpace<TextAndImage>, canvas: CanvasRenderingContext2D): Promise<void> {
  await space.embed('image', canvas.getImageData(0, 0, 1, 1));
  const module = await WebAssembly.compile(new Uint8Array(8));
  await useBackend('wasm', { wasmPaths: { 'diptych-kernels.wasm': module } });
}
