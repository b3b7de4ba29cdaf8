import { describeGolden, goldenJson } from '@diptych/golden';
import { constant, joinNames, param, parameters, place } from '@diptych/nn';
import { expect, it } from 'vitest';
import { hfClipVisionNames, openClipVisionNames, vitSpec } from '@diptych/image-encoder';
import { clipTextSpec, hfClipTextNames, openClipTextNames } from '@diptych/text-encoder';
import { configReader, type ConfigReader } from '@diptych/core';
import { hfClipConfig } from '../src/hf/clip-config.ts';
import { openClipVisionConfig } from '../src/open-clip/image-config.ts';
import { openClipTextConfig } from '../src/open-clip/text-config.ts';

type Shapes = ReadonlyMap<string, readonly number[]>;

interface Manifest {
  readonly parameters: number;
  readonly keys: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>>;
}

const large = {
  projection_dim: 768,
  text_config: { hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12 },
  vision_config: {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_attention_heads: 16,
    num_hidden_layers: 24,
    patch_size: 14,
    image_size: 336,
  },
};
const openLarge = {
  embed_dim: 768,
  vision_cfg: { image_size: 336, layers: 24, width: 1024, patch_size: 14 },
  text_cfg: { width: 768, heads: 12, layers: 12 },
};
const openBase = { embed_dim: 512, vision_cfg: { patch_size: 32 }, text_cfg: {} };

const logScale = { names: { '': 'logit_scale' } };
const hfNames = joinNames({ text: hfClipTextNames, image: hfClipVisionNames, logScale });
const openNames = joinNames({ text: openClipTextNames, image: openClipVisionNames, logScale });

function openClipConfig(model: ConfigReader): ReturnType<typeof hfClipConfig> {
  return { text: openClipTextConfig(model), image: openClipVisionConfig(model) };
}

function clipSpec({ text, image }: ReturnType<typeof hfClipConfig>) {
  return { text: clipTextSpec(text), image: vitSpec(image), logScale: param([], constant(0)) };
}

describeGolden('the arrays of published checkpoints', () => {
  it.each([
    ['B/32', 'hf_clip_vit_b32', {}],
    ['L/14 at 336 pixels', 'hf_clip_vit_l14_336', large],
  ])('CLIP %s as transformers names them', async (_, file, config) => {
    const { shapes, manifest } = await read(file);
    const spec = clipSpec(hfClipConfig(config, 'config.json'));
    expect(used(place(spec, checkpoint(shapes), hfNames))).toEqual([...shapes.keys()].toSorted());
    expect(size(spec)).toBe(manifest.parameters);
  });

  it('ignores the position ids of older files', async () => {
    const { shapes } = await read('hf_clip_vit_b32');
    const older = new Map([
      ...shapes,
      ['text_model.embeddings.position_ids', [1, 77]],
      ['vision_model.embeddings.position_ids', [1, 50]],
    ] as const);
    const spec = clipSpec(hfClipConfig({}, 'config.json'));
    expect(() => place(spec, checkpoint(older), hfNames)).not.toThrow();
  });

  it('CLIP B/32 as open_clip names them', async () => {
    const { shapes, manifest } = await read('open_clip_vit_b_32');
    const spec = clipSpec(openClipConfig(configReader(openBase, 'model_cfg')));
    expect(used(place(spec, checkpoint(shapes), openNames))).toEqual([...shapes.keys()].toSorted());
    expect(size(spec)).toBe(manifest.parameters);
  });

  it('the renaming that stands in for a manifest of L/14 agrees with the manifest of B/32', async () => {
    const [hf, open] = [await read('hf_clip_vit_b32'), await read('open_clip_vit_b_32')];
    expect(Object.fromEntries(openClipShapes(hf.shapes))).toEqual(Object.fromEntries(open.shapes));
  });

  it('CLIP L/14 as open_clip names them', async () => {
    const { shapes: hf } = await read('hf_clip_vit_l14_336');
    const shapes = openClipShapes(hf);
    const spec = clipSpec(openClipConfig(configReader(openLarge, 'model_cfg')));
    expect(used(place(spec, checkpoint(shapes), openNames))).toEqual([...shapes.keys()].toSorted());
  });

  it('an array too many, too few or of another shape is an error that names it', async () => {
    const { shapes } = await read('hf_clip_vit_b32');
    const wrong = new Map([...shapes, ['surplus', [3]], ['logit_scale', [2]]] as const);
    wrong.delete('visual_projection.weight');
    const placing = () => place(clipSpec(hfClipConfig({}, '')), checkpoint(wrong), hfNames);
    expect(placing).toThrow(expect.objectContaining({ code: 'CHECKPOINT_MISMATCH' }));
    for (const what of ['surplus', 'logScale', '[2]', 'visual_projection.weight']) expect(placing).toThrow(what);
  });
});

async function read(file: string): Promise<{ manifest: Manifest; shapes: Shapes }> {
  const manifest = await goldenJson<Manifest>(`oracles/keys/${file}.json`);
  return { manifest, shapes: new Map(Object.entries(manifest.keys).map(([name, [, shape]]) => [name, shape])) };
}

function checkpoint(shapes: Shapes) {
  return { names: new Set(shapes.keys()), shape: (name: string) => shapes.get(name)! };
}

function used(placements: ReturnType<typeof place>): string[] {
  return placements.flatMap(({ from }) => from).toSorted();
}

function size(spec: Parameters<typeof parameters>[0]): number {
  return [...parameters(spec)].reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** A transformers manifest under open_clip's names, by the renaming that converts between them. */
function openClipShapes(hf: Shapes): Shapes {
  const renames: readonly (readonly [RegExp, string])[] = [
    [/^text_model\.embeddings\.token_embedding/, 'token_embedding'],
    [/^text_model\.embeddings\.position_embedding\.weight/, 'positional_embedding'],
    [/^text_model\.final_layer_norm/, 'ln_final'],
    [/^text_model\.encoder\.layers/, 'transformer.resblocks'],
    [/^vision_model\.embeddings\.class_embedding/, 'visual.class_embedding'],
    [/^vision_model\.embeddings\.patch_embedding/, 'visual.conv1'],
    [/^vision_model\.embeddings\.position_embedding\.weight/, 'visual.positional_embedding'],
    [/^vision_model\.pre_layrnorm/, 'visual.ln_pre'],
    [/^vision_model\.post_layernorm/, 'visual.ln_post'],
    [/^vision_model\.encoder\.layers/, 'visual.transformer.resblocks'],
    [/^visual_projection\.weight/, 'visual.proj'],
    [/^text_projection\.weight/, 'text_projection'],
    [/self_attn\.q_proj\./, 'attn.in_proj_'],
    [/self_attn\.out_proj/, 'attn.out_proj'],
    [/layer_norm([12])/, 'ln_$1'],
    [/mlp\.fc1/, 'mlp.c_fc'],
    [/mlp\.fc2/, 'mlp.c_proj'],
  ];
  const entries = [...hf].filter(([name]) => !/\.[kv]_proj\./.test(name));
  return new Map(
    entries.map(([name, shape]) => {
      const renamed = renames.reduce((text, [from, to]) => text.replace(from, to), name);
      if (/in_proj_/.test(renamed)) return [renamed, [3 * shape[0]!, ...shape.slice(1)]];
      return [renamed, /^(visual\.proj|text_projection)$/.test(renamed) ? shape.toReversed() : shape];
    }),
  );
}
