import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { type EmbeddingSpace, open } from '../src/index.ts';
import type { Json } from './changed-kind.ts';
import type { Fill, Growth } from './manifests/grown.ts';
import { publishedClips } from './manifests/published-clips.ts';
import { filesOf, weightsOf } from './manifests/published-files.ts';
import { publishedImages } from './manifests/published-images.ts';
import { publishedTexts } from './manifests/published-texts.ts';
import { merged } from './merged.ts';

/** Minutes with all layers, so that only `test:long` asks for more than one, and for images. */
const isLong = process.env['DIPTYCH_LONG'] !== undefined;

const rows = [...publishedTexts, ...publishedClips, ...publishedImages];

/** The published width and depth, or one layer, with the words of the small model: no other is in its texts. */
function sized(model: string, vocabSize: number) {
  const row = rows.find((one) => one.model === model)!;
  const depth = (count: number) => (isLong ? count : 1);
  const words: Growth['lengths'][number] = [
    /(word|tok|token)_embeddings?\.weight$/,
    { [vocabSize]: vocabSize, 32: 768 },
  ];
  const weights = Object.entries(row.weights).map(([path, { lengths, counts = {} }]) => {
    const fewer = Object.entries(counts).map(([begin, count]) => [begin, depth(count)] as const);
    return [path, { lengths: [words, ...lengths], counts: Object.fromEntries(fewer) }] as const;
  });
  const json = Object.entries(row.json).map(([path, fields]) => [path, withDepth(fields, vocabSize, depth)] as const);
  return { ...row, weights: Object.fromEntries(weights), json: Object.fromEntries(json) };
}

function withDepth(fields: Json, vocabSize: number, depth: (count: number) => number): Json {
  const own = Object.entries(fields).map(([key, value]) => {
    if (/^(num_hidden_layers|n_layer)$/.test(key)) return [key, depth(Number(value))] as const;
    if (key === 'vocab_size') return [key, vocabSize] as const;
    return [key, key.endsWith('_config') ? withDepth(value as Json, vocabSize, depth) : value] as const;
  });
  return merged(fields, Object.fromEntries(own));
}

/** Weights that neither swell nor shrink what they meet, gains about 1; the same for the same name. */
const random: Fill = (name, shape, from, into) => {
  const isGain = /(norm\d?|layernorm|emb_ln|layer_norm\d|LayerNorm)\.weight$/.test(name);
  const [middle, spread] = isGain ? [1, 0.2] : [0, shape.length < 2 ? 0.05 : Math.sqrt(3 / shape.at(-1)!)];
  let seed = 7;
  for (const letter of name) seed = Math.imul(seed ^ letter.codePointAt(0)!, 0x0100_0193);
  for (let i = 0; i < into.length; i++) {
    let x = Math.imul((from + i) ^ seed, 0x9e37_79b1);
    x = Math.imul(x ^ (x >>> 15), 0x85eb_ca77);
    x ^= x >>> 13;
    into[i] = middle + spread * ((x >>> 0) / 2 ** 31 - 1);
  }
};

interface Case {
  readonly model: string;
  readonly vocabSize: number;
  readonly embed: readonly ((space: EmbeddingSpace) => Promise<Rows>)[];
}

interface Rows {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

const texts = (path: string) => async (space: EmbeddingSpace) =>
  space.embed('text', (await goldenJson<{ texts: string[] }>(`oracles2/${path}/texts.json`)).texts);
const pictures = async (space: EmbeddingSpace) => {
  const names = ['photo_61x47', 'photo_40x90', 'drawn_96x33', 'drawn_24x24'];
  const files = await Promise.all(names.map(async (name) => goldenBytes(`oracles2/images/${name}.png`)));
  return space.embed(
    'image',
    files.map((bytes) => new Blob([bytes])),
  );
};

/** Lowest cosine of a row with its own, after the mean of the rows is taken from both. */
function centredCosine(rowsOf: Rows, expected: Rows): number {
  const [n, dim] = expected.shape as [number, number];
  const mean = Float64Array.from({ length: dim }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += expected.data[i * dim + k]!;
    return sum / n;
  });
  const cosines = Array.from({ length: n }, (_, i) => {
    let [dot, a, b] = [0, 0, 0];
    for (let k = 0; k < dim; k++) {
      const [x, y] = [rowsOf.data[i * dim + k]! - mean[k]!, expected.data[i * dim + k]! - mean[k]!];
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    return dot / Math.sqrt(a * b);
  });
  return Math.min(...cosines);
}

/** Ids of the reference, filled up as the network wants them. */
const ids = (path: string, tensor: string, length: number) => async (space: EmbeddingSpace) => {
  const expected = await readTensors(`oracles2/${path}/expected.safetensors`);
  const { ids: own, shape } = textBatch(expected.get(tensor)!);
  const filled = Int32Array.from({ length: shape[0] * length }, (_, i) => {
    const at = Math.min(i % length, shape[1] - 1);
    return own[Math.floor(i / length) * shape[1] + at]!;
  });
  return space.encode('text', { ids: filled, mask: filled.map(() => 1), shape: [shape[0], length] });
};

const cases: readonly Case[] = [
  { model: 'nomic-ai/nomic-embed-text-v1.5', vocabSize: 144, embed: [texts('nomic_text')] },
  { model: 'Alibaba-NLP/gte-modernbert-base', vocabSize: 336, embed: [texts('modernbert/gte')] },
  { model: 'nomic-ai/nomic-embed-vision-v1.5', vocabSize: 0, embed: [pictures] },
  { model: 'google/siglip2-base-patch16-naflex', vocabSize: 60, embed: [ids('siglip2', 'in.input_ids', 64), pictures] },
];

describeGolden('models of published width', () => {
  it.each(isLong ? cases : cases.slice(0, 2))(
    '$model is nearly the same in int16 and int8',
    async ({ model, vocabSize, embed }) => {
      const row = sized(model, vocabSize);
      const files = await filesOf(
        { ...row, json: { ...row.json, ...tokenizer(row.folder) } },
        await weightsOf(row),
        random,
      );
      const rowsIn = async (dtype: 'float32' | 'int16' | 'int8') => {
        using space = await open(files, { dtype, backend: 'wasm' });
        return await Promise.all(embed.map(async (one) => one(space)));
      };
      const expected = await rowsIn('float32');
      for (const [dtype, least] of [
        ['int16', 0.9999],
        ['int8', 0.995],
      ] as const) {
        const got = await rowsIn(dtype);
        const cosines = got.map((own, i) => centredCosine(own, expected[i]!));
        if (isLong) console.log(model, dtype, ...cosines.map((cosine) => cosine.toFixed(6)));
        expect(Math.min(...cosines)).toBeGreaterThan(least);
      }
    },
    1_800_000,
  );
});

/** The small model's words, for one that has texts. */
function tokenizer(folder: string): Readonly<Record<string, Json>> {
  return /nomic_text|modernbert/.test(folder)
    ? { 'tokenizer.json': {}, 'tokenizer_config.json': {}, 'special_tokens_map.json': {} }
    : {};
}
