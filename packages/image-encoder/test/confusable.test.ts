import { describeGolden } from '@diptych/golden';
import { linear, loadModel, type NameTable, type Spec } from '@diptych/nn';
import {
  describeBackends,
  expectClose,
  imageBatch,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  dinov2,
  type Dinov2Config,
  dinov2Spec,
  dinov2Tokens,
  eva02,
  type Eva02Config,
  eva02Spec,
  eva02Tokens,
  featureVit,
  featureVitSpec,
  featureVitTokens,
  hfDinov2Names,
  hfSiglipVisionNames,
  hfVitNames,
  jinaClipVisionNames,
  naflexVit,
  naflexVitSpec,
  naflexVitTokens,
  nomicVision,
  nomicVisionNames,
  nomicVisionSpec,
  nomicVisionTokens,
  openClipEva02Names,
  openClipPeCoreNames,
  peCore,
  type PeCoreConfig,
  peCoreSpec,
  peCoreTokens,
} from '../src/index.ts';
import { exchanged, firstOf, meanFrom, turnedOtherwise } from './otherwise.ts';

// What families are easily taken for: how positions turn, and of what a row is made. Epsilons and activations are
// settings, and in the tests of each family.

const size = { imageSize: 32, patchSize: 8, width: 32, layers: 2, heads: 2 } as const;
const core: PeCoreConfig = {
  ...size,
  positionResize: 'open_clip',
  dim: 16,
  mlpWidth: 128,
  activation: 'gelu',
  layerNormEpsilon: 1e-5,
  classToken: true,
  reference: 4,
  poolWidth: 128,
};
const eva: Eva02Config = {
  ...size,
  positionResize: 'open_clip',
  dim: 16,
  mlpWidth: 85,
  layerNormEpsilon: 1e-6,
  norms: 'inner',
  reference: 5,
};
const jina: Eva02Config = { ...eva, dim: undefined, width: 48, heads: 3, mlpWidth: 128 };
const nomic = { ...size, mlpWidth: 256, layerNormEpsilon: 1e-6, reference: 5 };
const dino: Dinov2Config = {
  ...size,
  imageSize: 56,
  patchSize: 7,
  mlpWidth: 128,
  activation: 'gelu',
  layerNormEpsilon: 1e-6,
  positionResize: 'hf',
  registers: 0,
};
const registered: Dinov2Config = { ...dino, registers: 4, positionResize: 'open_clip' };
const giant: Dinov2Config = { ...dino, activation: 'swiglu', mlpWidth: 88 };
const google = {
  ...size,
  mlpWidth: 64,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
  positionResize: 'hf',
  pooler: true,
} as const;
const naflex = {
  patchSize: 8,
  side: 4,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 80,
  activation: 'gelu_pytorch_tanh',
  layerNormEpsilon: 1e-6,
};

const [clipFile, file] = ['open_clip_model.safetensors', 'model.safetensors'];
const visual = (name: string) => name.startsWith('visual.');
const vision = (name: string) => name.startsWith('vision_model.');

/** The small model of a folder. */
async function read<S extends Spec>(path: string, spec: S, names: NameTable, owns?: (name: string) => boolean) {
  return loadModel(spec, await openGolden(`oracles2/${path}`, owns), names);
}

type Expected = Awaited<ReturnType<typeof readTensors>>;

function patchesOf(expected: Expected) {
  const pixels = expected.get('naflex24.pixel_values')!;
  return {
    patches: Float32Array.from(numbers(expected, 'naflex24.pixel_values')),
    grids: Int32Array.from(expected.get('naflex24.spatial_shapes')!.data as Iterable<number | bigint>, Number),
    shape: pixels.shape as [number, number, number],
  };
}

interface Case {
  readonly family: string;
  readonly pixels?: string;
  readonly rows: string;
  /** The right rows, and wrong ones by what they are taken for. */
  readonly make: (
    batch: ReturnType<typeof imageBatch>,
    expected: Expected,
  ) => Promise<
    Disposable & { readonly right: () => tf.Tensor; readonly wrong: Readonly<Record<string, () => tf.Tensor>> }
  >;
}

const cases: readonly Case[] = [
  {
    family: 'eva02_clip',
    pixels: 'eva02.in.pixel_values',
    rows: 'eva02.image_embeds_raw',
    async make(batch) {
      const model = await read(`eva02_clip/eva02/${clipFile}`, eva02Spec(eva), openClipEva02Names(eva), visual);
      const { params } = model;
      return {
        right: () => eva02(eva, params).forward(batch),
        wrong: {
          halves: () => eva02(eva, { ...params, blocks: turnedOtherwise(params.blocks, eva) }).forward(batch),
          'the mean of the patches': () => linear(params.head!, meanFrom(eva02Tokens(eva, params, batch), 1)),
          'gates for values': () => eva02(eva, { ...params, blocks: exchanged(params.blocks) }).forward(batch),
        },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  },
  {
    family: 'jina_clip_v1',
    rows: 'image_embeds_raw',
    async make(batch) {
      const model = await read(`jina_clip_v1/clip/${file}`, eva02Spec(jina), jinaClipVisionNames, vision);
      const { params } = model;
      return {
        right: () => eva02(jina, params).forward(batch),
        wrong: {
          halves: () => eva02(jina, { ...params, blocks: turnedOtherwise(params.blocks, jina) }).forward(batch),
          'the mean of the patches': () => meanFrom(eva02Tokens(jina, params, batch), 1),
          'gates for values': () => eva02(jina, { ...params, blocks: exchanged(params.blocks) }).forward(batch),
          'an epsilon of 1e-5': () => eva02({ ...jina, layerNormEpsilon: 1e-5 }, params).forward(batch),
        },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  },
  {
    family: 'pe_core',
    pixels: 'core.in.pixel_values',
    rows: 'core.image_embeds_raw',
    async make(batch) {
      const model = await read(`pe_core/core/${clipFile}`, peCoreSpec(core), openClipPeCoreNames, visual);
      const { params } = model;
      return {
        right: () => peCore(core, params).forward(batch),
        wrong: {
          halves: () => peCore(core, { ...params, blocks: turnedOtherwise(params.blocks, core) }).forward(batch),
          'the class token': () => linear(params.head, firstOf(peCoreTokens(core, params, batch))),
          'the mean of the patches': () => linear(params.head, meanFrom(peCoreTokens(core, params, batch), 1)),
        },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  },
  {
    family: 'nomic_vision',
    rows: 'embeds_raw',
    async make(batch) {
      const model = await read(`nomic_vision/${file}`, nomicVisionSpec(nomic), nomicVisionNames);
      const { params } = model;
      return {
        right: () => nomicVision(nomic, params).forward(batch),
        wrong: {
          halves: () => nomicVision(nomic, { ...params, blocks: turnedOtherwise(params.blocks, nomic) }).forward(batch),
          'the class token': () => firstOf(nomicVisionTokens(nomic, params, batch)),
          'the mean of the patches': () => meanFrom(nomicVisionTokens(nomic, params, batch), 1),
        },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  },
  ...(
    [
      ['base', dino, 'dinov2/base', 'dinov2', 'base.'],
      ['giant', giant, 'dinov2/giant', 'dinov2', 'giant.'],
      ['registers', registered, 'dinov2_registers', 'dinov2_registers', ''],
    ] as const
  ).map(([, config, path, family, prefix]): Case => ({
    family,
    pixels: `${prefix}in.pixel_values`,
    rows: `${prefix}pooled`,
    async make(batch) {
      const model = await read(`${path}/${file}`, dinov2Spec(config), hfDinov2Names(config));
      const { params } = model;
      const states = () => dinov2Tokens(config, params, batch);
      return {
        right: () => dinov2(config, params).forward(batch),
        wrong: {
          'the mean of the patches': () => meanFrom(states(), 1 + config.registers),
          ...(config === giant && {
            'gates for values': () => dinov2(config, { ...params, blocks: exchanged(params.blocks) }).forward(batch),
          }),
          ...(config === registered && { 'the mean of all but the first': () => meanFrom(states(), 1) }),
        },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  })),
  {
    family: 'vit',
    rows: 'pooled',
    async make(batch) {
      const model = await read(`vit/in21k/${file}`, featureVitSpec(google), hfVitNames);
      const { params } = model;
      return {
        right: () => featureVit(google, params).forward(batch),
        wrong: {
          'no pooler': () => firstOf(featureVitTokens(google, params, batch)),
          'the mean of the patches': () => meanFrom(featureVitTokens(google, params, batch), 1),
        },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  },
  {
    family: 'siglip2',
    rows: 'naflex24.pooled',
    async make(_, expected) {
      const model = await read(`siglip2/naflex/${file}`, naflexVitSpec(naflex), hfSiglipVisionNames, vision);
      const batch = patchesOf(expected);
      return {
        right: () => naflexVit(naflex, model.params).forward(batch),
        wrong: { 'the mean of the patches': () => meanFrom(naflexVitTokens(naflex, model.params, batch), 0) },
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  },
];

describeGolden('what families are easily taken for', () => {
  describeBackends('against their references', () => {
    test.each(cases)('$family: $rows are told from it', async ({ family, pixels = 'in.pixel_values', rows, make }) => {
      const expected = await readTensors(`oracles2/${family}/expected.safetensors`);
      const stored = expected.get(pixels);
      using made = await make(imageBatch(stored ?? { shape: [1, 3, 1, 1], data: new Float32Array(3) }), expected);
      expectClose(await valuesOf(made.right), numbers(expected, rows), 1e-5);
      const right = numbers(expected, rows);
      const near: string[] = [];
      for (const [what, wrong] of Object.entries(made.wrong)) {
        const got = await valuesOf(wrong);
        const apart = Math.max(...got.map((value, i) => Math.abs(value - right[i]!)));
        if (!(apart > 1e-4)) near.push(what);
      }
      expect(near).toEqual([]);
    });
  });
});
