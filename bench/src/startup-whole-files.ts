import { seededRandom } from '@diptych/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors } from '@diptych/checkpoint';

// `startup-whole-files.ts <folder>`: CLIP ViT-B/16 as transformers stores it, with random weights and as many tokens.
const folder = process.argv[2]!;
const random = seededRandom(1);
const noise = Float32Array.from({ length: 1 << 22 }, () => 0.06 * random() - 0.03);
const arrays: [string, { shape: number[]; data: Float32Array }][] = [];

function array(name: string, ...shape: number[]): void {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let at = 0; at < data.length; at += noise.length) data.set(noise.subarray(0, data.length - at), at);
  arrays.push([name, { shape, data }]);
}

function layer(name: string, outputs: number, ...inputs: number[]): void {
  array(`${name}.weight`, outputs, ...inputs);
  array(`${name}.bias`, outputs);
}

function transformer(tower: string, width: number): void {
  for (let i = 0; i < 12; i++) {
    const block = `${tower}.encoder.layers.${i}`;
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) layer(`${block}.self_attn.${name}`, width, width);
    layer(`${block}.layer_norm1`, width);
    layer(`${block}.layer_norm2`, width);
    layer(`${block}.mlp.fc1`, 4 * width, width);
    layer(`${block}.mlp.fc2`, width, 4 * width);
  }
}

array('logit_scale');
array('text_model.embeddings.token_embedding.weight', 49_408, 512);
array('text_model.embeddings.position_embedding.weight', 77, 512);
transformer('text_model', 512);
layer('text_model.final_layer_norm', 512);
array('text_projection.weight', 512, 512);
array('vision_model.embeddings.class_embedding', 768);
array('vision_model.embeddings.patch_embedding.weight', 768, 3, 16, 16);
array('vision_model.embeddings.position_embedding.weight', 197, 768);
layer('vision_model.pre_layrnorm', 768);
transformer('vision_model', 768);
layer('vision_model.post_layernorm', 768);
array('visual_projection.weight', 512, 768);

// Letters as GPT-2 writes bytes, then pairs of them, then pairs of pairs, until there are as many as in CLIP.
const plain = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
const letters = [...plain, ...range(256, 323)].map((code) => String.fromCodePoint(code));
const merges: string[] = [];
const tokens = [...letters, ...letters.map((letter) => `${letter}</w>`)];
for (const first of letters) {
  for (const second of tokens.slice(0, 512)) {
    if (merges.length === 48_894) break;
    merges.push(`${first} ${second}`);
    tokens.push(first + second);
  }
}
tokens.push('<|startoftext|>', '<|endoftext|>');

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

mkdirSync(folder, { recursive: true });
const write = (name: string, json: unknown) => writeFileSync(join(folder, name), JSON.stringify(json));
write('config.json', {
  model_type: 'clip',
  projection_dim: 512,
  text_config: { hidden_size: 512, eos_token_id: 49_407 },
  vision_config: { patch_size: 16 },
});
write('vocab.json', Object.fromEntries(tokens.map((token, id) => [token, id])));
writeFileSync(join(folder, 'merges.txt'), `#version: 0.2\n${merges.join('\n')}\n`);
write('tokenizer_config.json', { tokenizer_class: 'CLIPTokenizer', model_max_length: 77 });
writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(arrays));
