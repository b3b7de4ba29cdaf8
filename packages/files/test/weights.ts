import type { Files } from '@diptych/files';

/** All bytes of the weights of a model, which must be there. */
export async function readWeights(files: Files, signal?: AbortSignal): Promise<Uint8Array> {
  const file = await files.open('model.safetensors', signal);
  if (!file) throw new Error(`${files.id}: expected weights`);
  return file.read(0, file.size, signal);
}
