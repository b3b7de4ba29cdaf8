import type { Growth } from './grown.ts';
import { type Published, sizes } from './published.ts';

const [config, weights] = ['config.json', 'model.safetensors'];

function layers(begin: string, count: number, becomes: Readonly<Record<number, number>>): Growth {
  return { lengths: [[/./, becomes]], counts: { [begin]: count } };
}

const bert = (vocabSize: number, other: object = {}) => ({
  ...sizes(768, 12),
  vocab_size: vocabSize,
  max_position_embeddings: 512,
  ...other,
});

/** Texts alone: names and shapes as transformers publishes them. */
export const publishedTexts: readonly Published[] = [
  {
    model: 'sentence-transformers/clip-ViT-B-32-multilingual-v1',
    folder: 'oracles2/distilbert/clip_multilingual',
    json: {
      [config]: {
        dim: 768,
        hidden_dim: 3072,
        n_heads: 12,
        n_layers: 6,
        vocab_size: 119_547,
        max_position_embeddings: 512,
      },
      'modules.json': {},
      'sentence_bert_config.json': {},
      '1_Pooling/config.json': { word_embedding_dimension: 768 },
      '2_Dense/config.json': { in_features: 768, out_features: 512 },
    },
    weights: {
      [weights]: layers('transformer.layer.', 6, { 32: 768, 64: 3072, 40: 512, 145: 119_547 }),
      '2_Dense/model.safetensors': { lengths: [[/./, { 16: 512, 32: 768 }]] },
    },
    parameters: 134_734_080 + 393_216,
  },
  {
    model: 'sentence-transformers/all-mpnet-base-v2',
    folder: 'oracles2/mpnet',
    json: { [config]: bert(30_527, { max_position_embeddings: 514 }) },
    weights: {
      [weights]: {
        lengths: [
          [/relative_attention_bias/, { 32: 32, 4: 12 }],
          [/./, { 32: 768, 64: 3072, 202: 514, 143: 30_527 }],
        ],
        counts: { 'encoder.layer.': 12 },
      },
    },
    unused: /^pooler|position_ids$/,
    parameters: 109_486_464 - 590_592,
  },
  {
    model: 'intfloat/multilingual-e5-base',
    folder: 'oracles2/xlmr/st',
    json: { [config]: bert(250_002, { max_position_embeddings: 514 }) },
    weights: { [weights]: layers('encoder.layer.', 12, { 32: 768, 64: 3072, 34: 514, 78: 250_002 }) },
    unused: /^pooler/,
    parameters: 278_043_648 - 590_592,
  },
  {
    model: 'Alibaba-NLP/gte-modernbert-base',
    folder: 'oracles2/modernbert/gte',
    json: { [config]: { ...sizes(768, 22, 1152), vocab_size: 50_368, local_attention: 128 } },
    weights: { [weights]: layers('layers.', 22, { 32: 768, 48: 1152, 96: 2304, 336: 50_368 }) },
    parameters: 149_014_272,
  },
  {
    model: 'nomic-ai/nomic-embed-text-v1.5',
    folder: 'oracles2/nomic_text',
    json: { [config]: { n_embd: 768, n_head: 12, n_inner: 3072, n_layer: 12, vocab_size: 30_528 } },
    weights: { [weights]: layers('encoder.layers.', 12, { 2: 2, 32: 768, 64: 3072, 96: 2304, 144: 30_528 }) },
  },
  {
    model: 'jinaai/jina-embeddings-v2-base-en',
    folder: 'oracles2/jina_clip_v1/embeddings_v2',
    json: { [config]: bert(30_528, { max_position_embeddings: 8192 }) },
    weights: {
      [weights]: layers('encoder.layer.', 12, { 2: 2, 48: 768, 64: 3072, 128: 6144, 144: 30_528 }),
    },
    unused: /^pooler/,
  },
  ...(
    [
      ['BAAI/bge-base-en-v1.5', 768, 12],
      ['sentence-transformers/all-MiniLM-L6-v2', 384, 6],
    ] as const
  ).map(([model, width, count]) => ({
    model,
    folder: 'oracles2/colbert/pylate',
    json: { [config]: bert(30_522, { ...sizes(width, count), num_attention_heads: 12 }) },
    weights: {
      [weights]: layers('encoder.layer.', count, { 2: 2, 32: width, 64: 4 * width, 48: 512, 146: 30_522 }),
    },
    unused: /^pooler/,
  })),
];
