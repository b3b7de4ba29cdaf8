import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint, openTfjsWeights } from '@diptych/checkpoint';
import { csv, jsonLines, karpathy, openNpy, parquet, tokenFile, webdataset } from '@diptych/datasets';
import { blobFiles } from '@diptych/files';
import { parseTokenizer, type TokenizerFiles } from '@diptych/preprocessing';
import { decodeImage } from '@diptych/preprocessing/node';
import { fileStore } from '@diptych/retrieval/node';
import sharp from 'sharp';
import { concat, text, u16 } from './case.ts';
import { compressors, parquetFiles } from './parquet-files.ts';
import { honestArchive } from './pickles.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface FuzzReader {
  /** Files as they should be. */
  readonly seeds: () => Promise<readonly Bytes[]> | readonly Bytes[];
  readonly read: (bytes: Bytes) => Promise<unknown>;
  /** Part of the addresses of its code. */
  readonly code: string;
}

async function all(samples: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of samples);
}

/** A data set of one file; what is read of a row must not end the reading. */
const filesOf = (bytes: Bytes) => blobFiles({ x: new Blob([bytes]), 'a.jpg': new Blob(['x']) }, 'd');
const onSkip = (): void => {};
const datasets = '/packages/datasets/src/';

const table = (
  seeds: readonly string[],
  read: (files: ReturnType<typeof filesOf>) => Promise<unknown>,
): FuzzReader => ({
  seeds: () => seeds.map(text),
  read: async (bytes) => read(filesOf(bytes)),
  code: datasets,
});

const npy = (type: string, shape: string, size: number): string =>
  `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n' + 'x'.repeat(size);

function tar(...files: readonly (readonly [name: string, content: string])[]): Bytes {
  const blocks = files.map(([name, content]) => {
    const head = new Uint8Array(512);
    head.set(text(name));
    head.set(text(content.length.toString(8).padStart(11, '0')), 124);
    head.set(text('0'), 156);
    head.fill(0x20, 148, 156);
    head.set(
      text(
        `${head
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
      ),
      148,
    );
    return concat(head, text(content), new Uint8Array((512 - (content.length % 512)) % 512));
  });
  return concat(...blocks, new Uint8Array(1024));
}

const config = { model: 'm', dim: 2, precision: 'float32', fields: { a: 'string' } } as const;

async function storeLog(): Promise<Bytes> {
  const path = mkdtempSync(join(tmpdir(), 'fuzz-store-'));
  try {
    const store = await fileStore(path, config);
    const rows = { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2], precision: 'float32', model: 'm' } as const;
    await store.add(['a', 'b'], rows, [{ a: 'x' }, {}]);
    await store.delete(['a']);
    await store.close();
    return new Uint8Array(readFileSync(join(path, 'rows.log')));
  } finally {
    rmSync(path, { recursive: true });
  }
}

async function openLog(bytes: Bytes): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'fuzz-log-'));
  try {
    writeFileSync(join(path, 'rows.log'), bytes);
    const store = await fileStore(path, config);
    await all(store.rows());
    await store.close();
  } finally {
    rmSync(path, { recursive: true });
  }
}

const safetensors = (header: string, data: number): Bytes =>
  concat(new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer), text(header), new Uint8Array(data));

const checkpoint = (name: string, seeds: FuzzReader['seeds']): FuzzReader => ({
  seeds,
  code: '/packages/checkpoint/src/',
  async read(bytes) {
    const opened = await openCheckpoint(blobFiles({ [name]: new Blob([bytes]) }, 'm'));
    for (const tensor of opened.names) await opened.read(tensor);
  },
});

const tokenizer = (files: (bytes: Bytes) => TokenizerFiles, seeds: FuzzReader['seeds']): FuzzReader => ({
  seeds,
  code: '/packages/preprocessing/src/text/',
  async read(bytes) {
    parseTokenizer(files(bytes))(['A photo of a dog, "naïve" 日本 🐕  x'.repeat(3)]);
  },
});

const added = {
  id: 2,
  content: '<unk>',
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
};
/** `tokenizer.json` of each kind of model. */
const small = [
  {
    added_tokens: [added],
    normalizer: {
      type: 'Sequence',
      normalizers: [{ type: 'NFC' }, { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }],
    },
    pre_tokenizer: { type: 'Split', pattern: { Regex: "'s|[\\p{L}]+|[\\p{N}]" }, behavior: 'Removed', invert: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['<unk>', 2],
      cls: ['<unk>', 2],
      trim_offsets: false,
      add_prefix_space: false,
    },
    model: {
      type: 'BPE',
      end_of_word_suffix: '</w>',
      unk_token: '<unk>',
      vocab: { a: 0, b: 1, '<unk>': 2, 'b</w>': 3, 'ab</w>': 4 },
      merges: ['a b</w>'],
    },
  },
  {
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: {},
    },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: { '[UNK]': 0, a: 1, '##b': 2 },
    },
  },
  {
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '<unk>', type_id: 0 } }],
      pair: [],
      special_tokens: { '<unk>': { id: '<unk>', ids: [0], tokens: ['<unk>'] } },
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    truncation: { direction: 'Right', max_length: 9, strategy: 'LongestFirst', stride: 0 },
    padding: {
      strategy: { Fixed: 9 },
      direction: 'Right',
      pad_id: 0,
      pad_type_id: 0,
      pad_token: 'a',
      pad_to_multiple_of: null,
    },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['▁a', -1],
        ['b', -2.5],
      ],
      byte_fallback: false,
    },
  },
];

const utf8 = (bytes: Bytes): string => new TextDecoder().decode(bytes);
const picture = (format: 'png' | 'gif' | 'webp' | 'jpeg' | 'tiff' | 'avif') => async (): Promise<Bytes> =>
  new Uint8Array(
    await sharp({ create: { width: 6, height: 5, channels: 3, background: '#a51' } })
      .toFormat(format)
      .toBuffer(),
  );

/** @param shared Folder of the reference material. */
export function fuzzReaders(shared: string): Readonly<Record<string, FuzzReader>> {
  const zoo = (path: string) => (): readonly Bytes[] => [new Uint8Array(readFileSync(join(shared, 'zoo/kinds', path)))];
  const json = {
    images: [{ filename: 'a.jpg', split: 'test', sentences: [{ raw: 'a' }, { raw: 'b' }] }],
    dataset: 'x',
  };
  return {
    parquet: {
      seeds: () => Object.values(parquetFiles()),
      code: datasets,
      async read(bytes) {
        let rows = 0;
        const columns = { image: () => 'a.jpg', id: () => ++rows, captions: () => 'a', split: () => 'all' };
        await all(parquet(filesOf(bytes), ['x'], { columns, ...(compressors && { compressors }) }));
      },
    },
    csv: table(['image,caption\n"a.jpg","a ""b"" c"\r\nb.jpg,d\n', 'image;caption\na.jpg;x\n'], async (files) =>
      all(csv(files, 'x', { onSkip })),
    ),
    jsonl: table(
      ['{"image":"a.jpg","caption":"x"}\n{"image":"b.jpg","captions":["x","y"],"split":"s"}\n'],
      async (files) => all(jsonLines(files, 'x', { onSkip })),
    ),
    karpathy: table([JSON.stringify(json)], async (files) =>
      all(karpathy(files, 'x', { captionsPerImage: 2, onSkip })),
    ),
    token: table(['a.jpg#0\tA dog\na.jpg#1\tA cat\n'], async (files) => all(tokenFile(files, 'x', { onSkip }))),
    npy: {
      seeds: () =>
        [npy('<f4', '2, 3', 24), npy('<f2', '2, 3', 12), npy('<f8', '2, 3', 48)].map((body) =>
          concat(Buffer.from('\x93NUMPY\x01\x00', 'latin1'), u16(118), text(body)),
        ),
      code: datasets,
      async read(bytes) {
        const { shape, read } = await openNpy(filesOf(bytes), 'x');
        await read(0, shape[0]);
      },
    },
    tar: {
      seeds: () => [tar(['a.jpg', 'x'], ['a.txt', 'one\ntwo'], ['b.jpg', 'x'], ['b.json', '{"captions":["a"]}'])],
      code: datasets,
      read: async (bytes) => all(webdataset(filesOf(bytes), ['x'], { onSkip })),
    },
    safetensors: checkpoint('model.safetensors', () => [
      safetensors(
        '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]}}',
        12,
      ),
    ]),
    torch: checkpoint('pytorch_model.bin', () => [
      new Uint8Array(honestArchive),
      ...zoo('altclip-as-clip/pytorch_model.bin')(),
    ]),
    tfjs: {
      seeds: () => [
        text(
          '{"weightsManifest":[{"paths":["w.bin"],"weights":[{"name":"w","shape":[2],"dtype":"float32"},{"name":"q","shape":[4],"dtype":"float32","quantization":{"dtype":"uint8","min":-1,"scale":0.1}}]}]}',
        ),
      ],
      code: '/packages/checkpoint/src/',
      async read(bytes) {
        const files = { 'model.json': new Blob([bytes]), 'w.bin': new Blob([new Uint8Array(12)]) };
        await openTfjsWeights(blobFiles(files, 'm'));
      },
    },
    'tokenizer.json': tokenizer(
      (bytes) => ({ tokenizerJson: utf8(bytes) }),
      () => small.map((one) => text(JSON.stringify(one))),
    ),
    'vocab.txt': tokenizer(
      (bytes) => ({ vocabText: utf8(bytes), tokenizerConfig: { tokenizer_class: 'BertTokenizer' } }),
      zoo('chinese-clip/vocab.txt'),
    ),
    spiece: tokenizer(
      (bytes) => ({ spiece: bytes, tokenizerConfig: { tokenizer_class: 'SiglipTokenizer' } }),
      zoo('siglip-hf/spiece.model'),
    ),
    image: {
      seeds: async () => {
        const formats = ['png', 'gif', 'webp', 'jpeg', 'tiff', 'avif'] as const;
        return Promise.all(formats.map(async (format) => picture(format)()));
      },
      code: '/packages/preprocessing/src/',
      read: async (bytes) => decodeImage(bytes, { maxPixels: 1e6 }),
    },
    store: { seeds: async () => [await storeLog()], code: '/packages/retrieval/src/', read: openLog },
  };
}
