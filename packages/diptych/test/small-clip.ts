import { seededRandom, type StoredTensor } from '@diptych/core';
import { goldenBytes, goldenJson } from '@diptych/golden';
import { readTensors } from '@diptych/testkit';
import { safetensors } from './safetensors.ts';

const context = 77;
const vocabulary = 49408;

/** The golden tiny CLIP, widened to CLIP's own vocabulary, context and dimension by random arrays; with its tokenizer. */
export async function smallClipFiles(dim = 512): Promise<Record<string, Blob>> {
  const config = await goldenJson<Record<string, Record<string, unknown>>>('oracles/tiny_clip/config.json');
  const text = {
    ...config['text_config'],
    vocab_size: vocabulary,
    max_position_embeddings: context,
    eos_token_id: 49407,
  };
  const random = seededRandom(7);
  const tensor = (...shape: [number, number]): StoredTensor => ({
    shape,
    data: Float32Array.from({ length: shape[0] * shape[1] }, () => random() - 0.5),
  });
  const arrays = new Map([
    ...(await readTensors('oracles/tiny_clip/model.safetensors')),
    ['text_model.embeddings.token_embedding.weight', tensor(vocabulary, 24)],
    ['text_model.embeddings.position_embedding.weight', tensor(context, 24)],
    ['text_projection.weight', tensor(dim, 24)],
    ['visual_projection.weight', tensor(dim, 32)],
  ] as const);
  return {
    'config.json': new Blob([JSON.stringify({ ...config, projection_dim: dim, text_config: text })]),
    'model.safetensors': safetensors(arrays),
    'tokenizer.json': new Blob([await goldenBytes('tokenizers/clip-hf/tokenizer.json')]),
  };
}
