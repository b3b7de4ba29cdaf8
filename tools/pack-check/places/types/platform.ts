import { useBackend } from '@diptych/backend-wasm';
import { blobFiles, type EmbeddingSpace, type Files, open, type TextAndImage } from 'diptych';

/** What the web's names are in a page and in Node. */
export async function use(space: EmbeddingSpace<TextAndImage>, file: Blob, bytes: Uint8Array): Promise<Files> {
  const signal = AbortSignal.timeout(1000);
  await space.embed('image', [file, new URL('https://a.example/b.png'), bytes], { signal, decode: { maxPixels: 1e6 } });
  await open('org/name', { hub: { fetch: (address, init) => fetch(address, init) }, signal });
  // @ts-expect-error Not a signal.
  await space.embed('text', 'a', { signal: 'now' });
  // @ts-expect-error Not an image.
  await space.embed('image', [new Date()]);
  await useBackend('wasm', { wasmPaths: { 'diptych-kernels.wasm': new Uint8Array(8) } });
  return blobFiles({ 'config.json': file }, 'mine');
}
