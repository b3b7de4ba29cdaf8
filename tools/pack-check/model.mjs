import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a tiny CLIP into `folder`: random weights, and a tokenizer that spells every word. */
export async function writeModel(folder, shared) {
  await mkdir(folder, { recursive: true });
  for (const name of ['config.json', 'model.safetensors']) {
    await cp(join(shared, 'oracles/tiny_clip', name), join(folder, name));
  }
  const vocabulary = JSON.parse(await readFile(join(shared, 'oracles/tokenizers/tiny_clip_bpe/vocab.json'), 'utf8'));
  await writeFile(join(folder, 'vocab.json'), JSON.stringify(lettersFirst(vocabulary)));
  await writeFile(join(folder, 'merges.txt'), '#version: 0.2\n');
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(processor));
}

/**
 * The model knows 64 tokens, the last two of them the marks of start and end: each letter has one of its own, and what no
 * text here has shares theirs.
 */
function lettersFirst(vocabulary) {
  const rest = Object.keys(vocabulary).filter((token) => !token.startsWith('<|'));
  const letters = rest.filter((token) => /^[a-z](<\/w>)?$/.test(token));
  const others = rest.filter((token) => !letters.includes(token));
  const ids = [...letters, ...others].map((token, i) => [token, i % 62]);
  return Object.fromEntries([...ids, ['<|startoftext|>', 62], ['<|endoftext|>', 63]]);
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
