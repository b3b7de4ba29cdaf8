import { openSafetensors } from '@diptych/checkpoint';
import { seededRandom, type StoredTensor } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, given, goldenBytes } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open, type OpenOptions } from '../src/index.ts';
import { safetensors } from './safetensors.ts';

const [rank, alpha] = [3, 5];
const modules = [
  'text_model.encoder.layers.0.self_attn.q_proj',
  'text_model.encoder.layers.1.mlp.fc1',
  'vision_model.encoder.layers.1.self_attn.out_proj',
  'vision_model.encoder.layers.0.mlp.fc2',
];

/** As PEFT 0.17 writes it; what is `null` or `false` there has no effect. */
const config = {
  alpha_pattern: {},
  auto_mapping: { base_model_class: 'CLIPModel', parent_library: 'transformers.models.clip.modeling_clip' },
  base_model_name_or_path: 'tiny',
  bias: 'none',
  corda_config: null,
  eva_config: null,
  exclude_modules: null,
  fan_in_fan_out: false,
  inference_mode: true,
  init_lora_weights: true,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null,
  loftq_config: {},
  lora_alpha: alpha,
  lora_bias: false,
  lora_dropout: 0.1,
  megatron_config: null,
  megatron_core: 'megatron.core',
  modules_to_save: null,
  peft_type: 'LORA',
  qalora_group_size: 16,
  r: rank,
  rank_pattern: {},
  revision: null,
  target_modules: ['q_proj', 'fc1', 'out_proj', 'fc2'],
  target_parameters: null,
  task_type: null,
  trainable_token_indices: null,
  use_dora: false,
  use_qalora: false,
  use_rslora: false,
};

type Arrays = Map<string, StoredTensor>;

async function baseArrays(): Promise<Arrays> {
  const files = blobFiles({ x: new Blob([await goldenBytes('oracles/tiny_clip/model.safetensors')]) }, 'base');
  const file = await openSafetensors((await files.open('x'))!);
  const arrays: Arrays = new Map();
  for (const name of file.names) arrays.set(name, await file.read(name));
  return arrays;
}

async function clip(arrays: Arrays): Promise<Files> {
  const json = new Blob([await goldenBytes('oracles/tiny_clip/config.json')]);
  return blobFiles({ 'config.json': json, 'model.safetensors': new Blob([safetensors(arrays)]) }, 'tiny');
}

function adapterArrays(base: Arrays, r = rank): Arrays {
  const random = seededRandom(5);
  const draw = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape[0]! * shape[1]! }, () => random() - 0.5),
  });
  const pairs = modules.flatMap((module): [string, StoredTensor][] => {
    const [outputs, inputs] = base.get(`${module}.weight`)!.shape;
    return [
      [`base_model.model.${module}.lora_A.weight`, draw(r, inputs!)],
      [`base_model.model.${module}.lora_B.weight`, draw(outputs!, r)],
    ];
  });
  return new Map(pairs);
}

function adapter(arrays: Arrays, settings: object = config): Files {
  const json = new Blob([JSON.stringify(settings)]);
  return blobFiles(
    { 'adapter_config.json': json, 'adapter_model.safetensors': new Blob([safetensors(arrays)]) },
    'tuned',
  );
}

/** `W + scale · B · A` in double precision, as PEFT merges. */
function merged(base: Arrays, additions: Arrays, scale: number): Arrays {
  const out: Arrays = new Map(base);
  for (const module of modules) {
    const { shape, data } = base.get(`${module}.weight`)!;
    const [a, b] = ['A', 'B'].map((one) => additions.get(`base_model.model.${module}.lora_${one}.weight`)!);
    const [r, inputs] = a!.shape as [number, number];
    const values = Float32Array.from(data as Float32Array, (value, at) => {
      const [row, column] = [Math.floor(at / inputs), at % inputs];
      let sum = 0;
      for (let x = 0; x < r; x++) sum += Number(b!.data[row * r + x]) * Number(a!.data[x * inputs + column]);
      return value + scale * sum;
    });
    out.set(`${module}.weight`, { shape, data: values });
  }
  return out;
}

async function rowsOf(files: Files, options: OpenOptions = {}) {
  const inputs = await readTensors('oracles/tiny_clip/expected.safetensors');
  using space = await open(files, options);
  const [images, texts] = [imageBatch(inputs.get('in.pixel_values')!), textBatch(inputs.get('in.input_ids')!)];
  return {
    id: space.id,
    image: (await space.encode('image', given(images))).data,
    text: (await space.encode('text', given(texts))).data,
  };
}

describeGolden('an adapter of PEFT', () =>
  describeBackends('open with an adapter', () => {
    it.each([
      ['alpha / rank', rank, config, alpha / rank],
      ['alpha / √rank', rank, { ...config, use_rslora: true }, alpha / Math.sqrt(rank)],
      ['a rank of its own', 2, { ...config, rank_pattern: { '.*': 2 } }, alpha / 2],
    ] as const)('adds it to the weights, by %s', async (_, r, settings, scale) => {
      const base = await baseArrays();
      const arrays = adapterArrays(base, r);
      const expected = await rowsOf(await clip(merged(base, arrays, scale)));
      const plain = await rowsOf(await clip(base));
      await expectNoLeak(async () => {
        const found = await rowsOf(await clip(base), { adapter: adapter(arrays, settings) });
        expect(found.id).toBe('tiny+tuned');
        for (const modality of ['image', 'text'] as const) {
          expectClose(found[modality], expected[modality], 1e-6);
          expect(Math.max(...found[modality].map((x, i) => Math.abs(x - plain[modality][i]!)))).toBeGreaterThan(0.01);
        }
      });
    });

    it('is the same in int8, and under a name that is given', async () => {
      const base = await baseArrays();
      const arrays = adapterArrays(base);
      const expected = await rowsOf(await clip(merged(base, arrays, alpha / rank)), { dtype: 'int8' });
      const found = await rowsOf(await clip(base), { dtype: 'int8', adapter: adapter(arrays), id: 'mine' });
      expect(found.id).toBe('mine');
      expectClose(found.image, expected.image, 1e-5);
      expectClose(found.text, expected.text, 1e-5);
    });

    it('finds weights that stand below another in one of the two', async () => {
      const base = await baseArrays();
      const arrays = adapterArrays(base);
      const expected = await rowsOf(await clip(merged(base, arrays, alpha / rank)));
      const shorter = [...arrays].map(([name, one]) => [name.replace('.text_model.', '.'), one] as const);
      // Both towers have such layers: which one is meant is not guessed.
      await expect(open(await clip(base), { adapter: adapter(new Map(shorter)) })).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
      });
      const longer = [...arrays].map(
        ([name, one]) => [name.replace('base_model.model.', 'base_model.model.clip.'), one] as const,
      );
      const found = await rowsOf(await clip(base), { adapter: adapter(new Map(longer)) });
      expectClose(found.text, expected.text, 1e-6);
      expectClose(found.image, expected.image, 1e-6);
    });

    it.each([
      ['another kind', { peft_type: 'IA3' }, 'UNSUPPORTED', /peft_type: expected LORA, got "?IA3/],
      ['no rank', { r: 0 }, 'CONFIG_INVALID', /r: expected a rank, got 0/],
      ['another rank', { r: 4 }, 'CONFIG_INVALID', /r: expected 3, as its arrays have, got 4/],
      ['no alpha', { lora_alpha: null }, 'CONFIG_INVALID', /lora_alpha/],
      ['a rule that is no rule', { use_rslora: 'yes' }, 'CONFIG_INVALID', /use_rslora/],
      ['magnitudes', { use_dora: true }, 'UNSUPPORTED', /use_dora: expected none/],
      ['biases', { bias: 'all' }, 'UNSUPPORTED', /bias: expected none/],
      ['modules of its own', { modules_to_save: ['logit_scale'] }, 'UNSUPPORTED', /modules_to_save/],
      ['weights that it changed before', { init_lora_weights: 'pissa' }, 'UNSUPPORTED', /init_lora_weights/],
      ['turned weights', { fan_in_fan_out: true }, 'UNSUPPORTED', /fan_in_fan_out/],
      ['patterns of alpha', { alpha_pattern: { q_proj: 3 } }, 'UNSUPPORTED', /alpha_pattern/],
      ['a setting that nobody knows', { use_newest: true }, 'UNSUPPORTED', /use_newest/],
    ])('refuses %s', async (_, change, code, message) => {
      const base = await baseArrays();
      const files = adapter(adapterArrays(base), { ...config, ...change });
      await expectNoLeak(async () => {
        const error: unknown = await open(await clip(base), { adapter: files }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
      });
    });

    it.each([
      [
        'an array of another method',
        (arrays: Arrays) => arrays.set('base_model.model.x.lora_magnitude_vector', zeros()),
      ],
      ['half of a pair', (arrays: Arrays) => arrays.delete(`base_model.model.${modules[0]}.lora_B.weight`)],
      [
        'a layer that is not there',
        (arrays: Arrays) => addPair(arrays, 'vision_model.encoder.layers.9.mlp.fc1', [3, 3]),
      ],
      ['a wrong size', (arrays: Arrays) => arrays.set(`base_model.model.${modules[0]}.lora_A.weight`, zeros(3, 3))],
      ['what is no matrix', (arrays: Arrays) => addPair(arrays, 'vision_model.embeddings.patch_embedding', [3, 3])],
      ['nothing', (arrays: Arrays) => arrays.clear()],
    ] as const)('refuses arrays with %s', async (_, change) => {
      const base = await baseArrays();
      const arrays = adapterArrays(base);
      change(arrays);
      await expectNoLeak(async () => {
        await expect(open(await clip(base), { adapter: adapter(arrays) })).rejects.toMatchObject({
          code: 'CHECKPOINT_MISMATCH',
        });
      });
    });

    it('refuses what is no adapter, and an adapter of a pair', async () => {
      const base = await baseArrays();
      const files = await clip(base);
      await expect(open(files, { adapter: files })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(open(files, { adapter: given(3) })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      const pair = { text: files, image: files };
      await expect(open(pair, { sameSpace: true, adapter: adapter(adapterArrays(base)) })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        where: 'adapter',
      });
    });
  }),
);

function zeros(...shape: number[]): StoredTensor {
  return { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
}

function addPair(arrays: Arrays, module: string, [outputs, inputs]: readonly [number, number]): void {
  arrays.set(`base_model.model.${module}.lora_A.weight`, zeros(rank, inputs));
  arrays.set(`base_model.model.${module}.lora_B.weight`, zeros(outputs, rank));
}
