import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a tiny CLIP into `folder`: random weights, and a vocabulary of the letters alone, as it knows 64 tokens. */
export async function writeModel(folder, shared) {
  await mkdir(folder, { recursive: true });
  for (const name of ['config.json', 'model.safetensors']) {
    await cp(join(shared, 'oracles/tiny_clip', name), join(folder, name));
  }
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const padding = Array.from({ length: 10 }, (_, i) => `unused${i}`);
  const tokens = [...letters, ...letters.map((letter) => `${letter}</w>`), ...padding];
  const vocabulary = [...tokens, '<|startoftext|>', '<|endoftext|>'].map((token, id) => [token, id]);
  await writeFile(join(folder, 'vocab.json'), JSON.stringify(Object.fromEntries(vocabulary)));
  await writeFile(join(folder, 'merges.txt'), '#version: 0.2\n');
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(processor));
}

const processor = {
  image_processor_type: 'CLIPImageProcessor',
  do_resize: true,
  size: { shortest_edge: 32 },
  resample: 3,
  do_center_crop: true,
  crop_size: { height: 32, width: 32 },
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
  do_convert_rgb: true,
};
