import { csv, jsonLines, karpathy, openNpy, parquet, tokenFile, webdataset } from '@diptych/datasets';
import { blobFiles } from '@diptych/files';
import { concat, type HostileCase, type HostileKind, nested, text, u16, u32 } from './case.ts';

type Content = string | Uint8Array<ArrayBuffer>;
type Row = readonly [name: string, content: () => Content, says: RegExp];

const filesOf = (name: string, content: Content) =>
  blobFiles({ [name]: new Blob([content]), 'a.jpg': new Blob(['x']) }, 'd');

async function all(samples: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of samples);
}

const readers: Readonly<Record<string, (name: string, content: Content) => Promise<unknown>>> = {
  'x.jsonl': async (name, content) => all(jsonLines(filesOf(name, content), name)),
  'x.json': async (name, content) => all(karpathy(filesOf(name, content), name)),
  'x.csv': async (name, content) => all(csv(filesOf(name, content), name)),
  'x.npy': async (name, content) => openNpy(filesOf(name, content), name),
  'x.tar': async (name, content) => all(webdataset(filesOf(name, content), [name])),
  'x.token': async (name, content) => all(tokenFile(filesOf(name, content), name)),
  'x.parquet': async (name, content) => all(parquet(filesOf(name, content), [name])),
};

const long = 'a'.repeat(20_005);

const lines: readonly Row[] = [
  ['no JSON', () => '{"image":', /line 1: expected JSON/],
  ['a list', () => '[]', /line 1: expected a JSON object/],
  ['the second line', () => '{"image":"a.jpg","caption":"x"}\n7', /line 2: expected a JSON object/],
  [
    '100,000 levels',
    () => `{"image":"a.jpg","caption":${nested(100_000)}}`,
    /line 1: expected JSON with at most 64 levels/,
  ],
  [
    '2,000,000 values',
    () => `{"image":"a.jpg","caption":[${'"x",'.repeat(2e6)}"x"]}`,
    /line 1: expected JSON with at most 1048576 values/,
  ],
  ['keys of one hash', () => `{"${long}":1,"${long}b":2}`, /line 1: expected JSON with keys of at most 4096 bytes/],
  [
    'captions of 60 levels',
    () => `{"image":"a.jpg","caption":${nested(60)}}`,
    /line 1: expected captions as text, got \[/,
  ],
  ['a path to the parent', () => '{"image":"../a.jpg","caption":"x"}', /line 1: expected a path inside/],
  ['no image', () => '{"caption":"x"}', /line 1/],
  ['a file that is not there', () => '{"image":"b.jpg","caption":"x"}', /b\.jpg/],
];

const karpathies: readonly Row[] = [
  ['no list of images', () => '{}', /expected a list 'images'/],
  ['images that are numbers', () => '{"images":[1]}', /expected objects in the list "images", got '1'/],
  ['its end cut off', () => '{"images":[{"filename":"a.jpg"', /expected the end of its JSON/],
  [
    'sentences of 60 levels',
    () => `{"images":[{"filename":"a.jpg","split":"train","sentences":[${nested(55)}]}]}`,
    /image 0: expected a sentence/,
  ],
  ['an image of 100,000 levels', () => `{"images":[{"filename":${nested(100_000)}}]}`, /at most 64 levels/],
];

const npy = (dictionary: string, data = 0, lead = '\x93NUMPY\x01\x00') => {
  const body = text(dictionary);
  return concat(Buffer.from(lead, 'latin1'), u16(body.length), body, new Uint8Array(data));
};
const arrays: readonly Row[] = [
  ['nothing', () => '', /expected the beginning of a \.npy/],
  ['another file', () => 'x'.repeat(99), /expected the beginning of a \.npy/],
  [
    'a header beyond the file',
    () => concat(Buffer.from('\x93NUMPY\x02\x00', 'latin1'), u32(2 ** 32 - 1), text('{}')),
    /./,
  ],
  ['no dictionary', () => npy('x'.repeat(60)), /./],
  [
    'more rows than the file',
    () => npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 4), }"),
    /expected 16000000\d+ bytes/,
  ],
  [
    'a shape beyond every number',
    () => npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${'9'.repeat(300)}, 4), }`),
    /./,
  ],
  ['a negative shape', () => npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }"), /./],
  [
    'a shape of 300 axes',
    () => npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${'1, '.repeat(300)}), }`),
    /./,
  ],
  ['Python objects', () => npy("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", 8), /./],
];

/** One entry of an archive; `size` in octal. */
export function tar(
  name: string,
  size: string,
  type = '0',
  content: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(512);
  block.set(text(name).subarray(0, 100), 0);
  block.set(text(size), 124);
  block.set(text(type), 156);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return concat(block, content, new Uint8Array((512 - (content.length % 512)) % 512));
}
const archives: readonly Row[] = [
  ['another file', () => 'x'.repeat(1024), /expected a tar header/],
  ['a compressed file', () => concat(Uint8Array.of(0x1f, 0x8b), new Uint8Array(600)), /gzip/],
  ['an entry beyond the file', () => tar('a.jpg', '77777777777'), /./],
  ['a size that is no number', () => tar('a.jpg', 'zzzzzzzzzzz'), /expected a size in bytes/],
  ['a long name of 8 GiB', () => tar('a', '77777777777', 'L'), /./],
  ['pax records of 8 GiB', () => tar('a', '77777777777', 'x'), /./],
  ['half a header', () => new Uint8Array(100).fill(1), /./],
];

const others: readonly (readonly [file: string, ...Row])[] = [
  ['x.csv', 'a table without an image', () => 'a,b\n1,2\n', /line 2: expected 'captions'/],
  ['x.csv', 'a row that is too long', () => 'image,caption\na.jpg,x,y\n', /line 2: expected 2 cells/],
  ['x.csv', 'a path to the parent', () => 'image,caption\n../../etc/passwd,x\n', /expected a path inside/],
  ['x.token', 'a line without a tab', () => 'a.jpg#0 x\n', /line 1: expected 'image\.jpg#0'/],
  ['x.parquet', 'nothing', () => '', /./],
  ['x.parquet', 'another file', () => 'x'.repeat(99), /./],
  [
    'x.parquet',
    'a footer beyond the file',
    () => concat(text('PAR1'), new Uint8Array(8), u32(2 ** 31), text('PAR1')),
    /./,
  ],
  [
    'x.parquet',
    'a footer of noise',
    () => concat(text('PAR1'), new Uint8Array(64).fill(0xc7), u32(64), text('PAR1')),
    /./,
  ],
];

const table: readonly (readonly [file: string, ...Row])[] = [
  ...lines.map((row) => ['x.jsonl', ...row] as const),
  ...karpathies.map((row) => ['x.json', ...row] as const),
  ...arrays.map((row) => ['x.npy', ...row] as const),
  ...archives.map((row) => ['x.tar', ...row] as const),
  ...others,
];

/** Codes that are not `INPUT_INVALID`. */
const codes: Readonly<Record<string, string>> = {
  'x.jsonl: a file that is not there': 'NOT_FOUND',
  'x.npy: Python objects': 'UNSUPPORTED',
  'x.npy: a shape of 300 axes': 'UNSUPPORTED',
  'x.tar: a compressed file': 'UNSUPPORTED',
};

const cases: readonly HostileCase[] = table.map(([file, what, content, says]) => {
  const name = `${file}: ${what}`;
  const where = file === 'x.jsonl' && what.includes('not there') ? 'd' : `d/${file}`;
  return {
    name,
    code: codes[name] ?? 'INPUT_INVALID',
    says: new RegExp(`^${where}.*(${says.source})`, 's'),
    run: async () => readers[file]!(file, content()),
  };
});

/** A table of 200 MB, made as it is read, whose first row has a quote that nothing closes. */
const quoted: HostileCase = {
  name: 'x.csv: a stray quote before 200 MB',
  code: 'INPUT_INVALID',
  says: /^d\/x\.csv, line 2: expected a row, with every quote closed, of at most 33554432 characters/,
  async run() {
    const begin = text('image,caption\na.jpg,"a');
    const read = async (from: number, to: number) => {
      const bytes = new Uint8Array(to - from).fill(0x61);
      for (let i = 99 - (from % 100); i < bytes.length; i += 100) bytes[i] = 0x0a;
      bytes.set(begin.subarray(from, to));
      return bytes;
    };
    await all(csv({ id: 'd', open: async () => ({ name: 'd/x.csv', size: 2e8, read }) }, 'x.csv'));
  },
};

export const kind: HostileKind = {
  cases: [...cases, quoted],
  async honest() {
    await all(jsonLines(filesOf('x.jsonl', '{"image":"a.jpg","caption":"x"}'), 'x.jsonl'));
    await openNpy(filesOf('x.npy', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", 8)), 'x.npy');
  },
};
