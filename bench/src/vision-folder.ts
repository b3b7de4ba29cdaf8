import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors } from '@diptych/checkpoint';
import { type Encoder, type ImageBatch, seededRandom } from '@diptych/core';
import { hfClip, open } from 'diptych';
import { images } from './conv-nets.ts';
import { traceOnnx } from './trace-onnx.ts';
import { tinyClip } from './vit-nets.ts';

/** TinyCLIP's image tower with random weights: as transformers stores it, and as `model.onnx` for one image of the same. */
export async function writeVisionFolder(folder: string): Promise<void> {
  const { imageSize, patchSize, width, layers, heads, mlpWidth, dim } = tinyClip;
  const random = seededRandom(5);
  const arrays: [string, { shape: number[]; data: Float32Array }][] = [];
  const array = (name: string, ...shape: number[]): void => {
    const size = shape.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: size }, () => (name.includes('norm') ? 1 : 0.2 * random() - 0.1));
    arrays.push([name, { shape, data }]);
  };
  const layer = (name: string, outputs: number, ...inputs: number[]): void => {
    array(`${name}.weight`, outputs, ...inputs);
    array(`${name}.bias`, outputs);
  };
  array('vision_model.embeddings.class_embedding', width);
  array('vision_model.embeddings.patch_embedding.weight', width, 3, patchSize, patchSize);
  array('vision_model.embeddings.position_embedding.weight', (imageSize / patchSize) ** 2 + 1, width);
  layer('vision_model.pre_layrnorm', width);
  for (let i = 0; i < layers; i++) {
    const block = `vision_model.encoder.layers.${i}`;
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) layer(`${block}.self_attn.${name}`, width, width);
    for (const name of ['layer_norm1', 'layer_norm2']) layer(`${block}.${name}`, width);
    layer(`${block}.mlp.fc1`, mlpWidth, width);
    layer(`${block}.mlp.fc2`, width, mlpWidth);
  }
  layer('vision_model.post_layernorm', width);
  array('visual_projection.weight', dim, width);
  mkdirSync(folder, { recursive: true });
  const sizes = { image_size: imageSize, patch_size: patchSize, hidden_size: width, intermediate_size: mlpWidth };
  const counts = { num_hidden_layers: layers, num_attention_heads: heads, projection_dim: dim };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'clip_vision_model', ...sizes, ...counts }));
  writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(arrays));
  let encoder: Encoder<ImageBatch>;
  const seen: typeof hfClip = {
    ...hfClip,
    async open(files, options) {
      const parts = await hfClip.open(files, options);
      encoder = parts!.towers.image!.encoder;
      return parts;
    },
  };
  using _ = await open(folder, { architectures: [seen] });
  writeFileSync(
    join(folder, 'model.onnx'),
    traceOnnx(images(1, imageSize), (batch) => encoder.forward(batch)),
  );
}
