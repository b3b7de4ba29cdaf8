import { encodeSafetensors } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { loadModel } from '@diptych/nn';
import { expectClose, numbers, openGolden, readTensors, textBatch, valuesOf } from '@diptych/testkit';
import { bert, bertSpec, hfDistilBertNames } from '@diptych/text-encoder';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';
import type { Json } from './changed-kind.ts';
import { merged } from './merged.ts';

const tokens = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];
const clip = ['config.json', 'preprocessor_config.json', ...tokens];
const sentence = [
  'config.json',
  ...tokens,
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
];

type Arrays = ReadonlyMap<string, StoredTensor>;

interface Mistake {
  readonly json?: Readonly<Record<string, Json>>;
  readonly arrays?: (arrays: Arrays) => Arrays;
}

interface Case {
  readonly path: string;
  readonly names: readonly string[];
  readonly rows: string;
  readonly mistakes: Readonly<Record<string, Mistake>>;
}

/** Arrays of such names with their rows in another order: row `i` is what was row `order(i, rows)`. */
function reordered(names: RegExp, order: (row: number, rows: number) => number): Required<Mistake>['arrays'] {
  return (arrays) =>
    new Map(
      [...arrays].map(([name, stored]) => {
        if (!names.test(name)) return [name, stored] as const;
        const [rows, each] = stored.shape as [number, number];
        const own = stored.data as Float32Array;
        const data = new Float32Array(own.length);
        for (let i = 0; i < rows; i++)
          data.set(own.subarray(order(i, rows) * each, (order(i, rows) + 1) * each), i * each);
        return [name, { shape: stored.shape, data }] as const;
      }),
    );
}

/** Queries and keys that turn by halves are then what neighbours would be. */
const asNeighbours = (head: number) => (row: number, rows: number) => {
  if (row >= (2 * rows) / 3) return row;
  const within = row % head;
  return row - within + (within < head / 2 ? 2 * within : 2 * (within - head / 2) + 1);
};

const exchanged = (row: number, rows: number) => (row + rows / 2) % rows;

const renamed =
  (from: string, to: string): Required<Mistake>['arrays'] =>
  (arrays) => {
    const swap = (name: string) =>
      name.includes(from) ? name.replace(from, to) : name.includes(to) ? name.replace(to, from) : name;
    return new Map([...arrays].map(([name, stored]) => [swap(name), stored]));
  };

const pooled = (mode: 'cls' | 'mean'): Mistake => ({
  json: {
    '1_Pooling/config.json': { pooling_mode_cls_token: mode === 'cls', pooling_mode_mean_tokens: mode === 'mean' },
  },
});

/** What the tests of each family do not change already. */
const cases: readonly Case[] = [
  { path: 'mpnet', names: sentence, rows: 'pooled', mistakes: { 'the first token': pooled('cls') } },
  { path: 'xlmr/st', names: sentence, rows: 'st.pooled', mistakes: { 'the first token': pooled('cls') } },
  {
    path: 'modernbert/gte',
    names: sentence,
    rows: 'gte.sentence_embedding',
    mistakes: {
      'the mean': pooled('mean'),
      neighbours: { arrays: reordered(/Wqkv\.weight$/, asNeighbours(8)) },
      'gates for values': { arrays: reordered(/Wi\.weight$/, exchanged) },
    },
  },
  {
    path: 'nomic_text',
    names: sentence,
    rows: 'pooled',
    mistakes: {
      'the first token': pooled('cls'),
      'gates for values': { arrays: renamed('.fc11.', '.fc12.') },
    },
  },
  {
    path: 'jina_clip_v1/embeddings_v2',
    names: sentence.filter((name) => name !== 'config_sentence_transformers.json'),
    rows: 'text_embeds_raw',
    mistakes: {
      'the first token': pooled('cls'),
      'gates for values': { arrays: reordered(/gated_layers\.weight$/, exchanged) },
    },
  },
  {
    path: 'metaclip2/hf',
    names: clip,
    rows: 'text_embeds',
    mistakes: {
      'GELU as it is': { json: { 'config.json': { text_config: { hidden_act: 'gelu' } } } },
      'the largest id': { json: { 'config.json': { model_type: 'clip' } } },
      'an epsilon of 1e-3': { json: { 'config.json': { text_config: { layer_norm_eps: 1e-3 } } } },
    },
  },
];

async function folder({ path, names }: Case, { json = {}, arrays }: Mistake = {}): Promise<Files> {
  const entries = names.map(async (name) => {
    const own = await goldenBytes(`oracles2/${path}/${name}`);
    const fields = json[name];
    if (!fields) return [name, new Blob([own])] as const;
    return [
      name,
      new Blob([JSON.stringify(merged(JSON.parse(new TextDecoder().decode(own)) as Json, fields))]),
    ] as const;
  });
  const weights = `oracles2/${path}/model.safetensors`;
  const bytes = arrays ? encodeSafetensors(arrays(await readTensors(weights))) : await goldenBytes(weights);
  return blobFiles({ ...Object.fromEntries(await Promise.all(entries)), 'model.safetensors': new Blob([bytes]) }, path);
}

async function rowsOf(files: Files, texts: readonly string[], normalize: boolean): Promise<Float32Array> {
  using space = await open(files, { backend: 'cpu' });
  return (await space.embed('text', texts, { normalize })).data;
}

const apart = (a: Float32Array, b: ArrayLike<number>) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describeGolden('what networks of texts are easily taken for', () => {
  it.each(cases)('$path is told from it', async (one) => {
    const { path, rows, mistakes } = one;
    const expected = await readTensors(`oracles2/${path.split('/')[0]}/expected.safetensors`);
    const { texts } = await goldenJson<{ texts: string[] }>(
      `oracles2/${path.replace('embeddings_v2', 'clip')}/texts.json`,
    );
    const normalize = rows === 'text_embeds';
    const right = await rowsOf(await folder(one), texts, normalize);
    expectClose(right, numbers(expected, rows).slice(0, right.length), 1e-5);
    const near: string[] = [];
    for (const [what, mistake] of Object.entries(mistakes)) {
      const wrong = await rowsOf(await folder(one, mistake), texts, normalize);
      if (!(apart(wrong, right) > 1e-4)) near.push(what);
    }
    expect(near).toEqual([]);
  });

  it('DistilBERT is told from the epsilon of RoBERTa, which no setting says', async () => {
    const expected = await readTensors('oracles2/distilbert/expected.safetensors');
    const config = {
      width: 32,
      layers: 2,
      heads: 4,
      mlpWidth: 64,
      activation: 'gelu',
      vocabSize: 145,
      contextLength: 40,
      tokenTypes: 0,
      pooling: 'mean',
    } as const;
    const { ids: mask } = textBatch(expected.get('clip_multilingual.in.attention_mask')!);
    const batch = { ...textBatch(expected.get('clip_multilingual.in.input_ids')!), mask };
    const file = await openGolden('oracles2/distilbert/clip_multilingual/model.safetensors');
    const spec = bertSpec({ ...config, layerNormEpsilon: 1e-12 });
    using model = await loadModel(spec, file, hfDistilBertNames);
    const rows = async (layerNormEpsilon: number) =>
      valuesOf(() => bert({ ...config, layerNormEpsilon }, model.params).forward(batch));
    const right = numbers(expected, 'clip_multilingual.pooled');
    expectClose(await rows(1e-12), right, 1e-5);
    expect(apart(await rows(1e-5), right)).toBeGreaterThan(1e-4);
  });
});
