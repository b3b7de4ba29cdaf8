import { openCheckpoint, openSafetensors, openTfjsWeights } from '@diptych/checkpoint';
import { blobFiles, type Files } from '@diptych/files';
import { concat, type HostileCase, type HostileKind, nested, text } from './case.ts';

const code = 'CHECKPOINT_INVALID';

function safetensors(header: string | Uint8Array, data = 0, declared?: number): Uint8Array<ArrayBuffer> {
  const bytes = typeof header === 'string' ? text(header) : header;
  const length = new Uint8Array(BigUint64Array.of(BigInt(declared ?? bytes.length)).buffer);
  return concat(length, bytes, new Uint8Array(data));
}

const filesOf = (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): Files =>
  blobFiles(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, new Blob([content])])), 'm');

const entry = (fields: string) => `{"w":{${fields}}}`;
const f32 = '"dtype":"F32","shape":[2],"data_offsets":[0,8]';
const long = 'a'.repeat(20_005);
const tooLong = /m\/model\.safetensors: expected JSON with keys of at most 4096 bytes, got more at byte/;

const headers: readonly [name: string, bytes: () => Uint8Array<ArrayBuffer>, says: RegExp][] = [
  ['an empty file', () => new Uint8Array(0), /at least 8 bytes, got 0/],
  ['seven bytes', () => new Uint8Array(7), /at least 8 bytes, got 7/],
  ['a header of 2^64 bytes', () => new Uint8Array(64).fill(255), /header of at most/],
  ['a header longer than the file', () => safetensors('{}', 0, 3), /header of at most 2 bytes, got 3/],
  ['no JSON', () => safetensors('{"w":'), /expected JSON/],
  ['a list', () => safetensors('[]'), /a header that is an object/],
  ['null', () => safetensors('null'), /a header that is an object/],
  ['bytes that are not UTF-8', () => safetensors(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /expected JSON/],
  ['a byte order mark', () => safetensors('\uFEFF{}'), /byte order mark/],
  ['a name twice', () => safetensors(`{"w":{${f32}},"w":{${f32}}}`, 8), /duplicate key 'w'/],
  ['100,000 levels', () => safetensors(entry(`"shape":${nested(100_000)}`)), /at most 64 levels, got more at byte/],
  ['20,000,000 levels', () => safetensors('['.repeat(2e7)), /at most 64 levels/],
  ['levels of objects', () => safetensors('{"a":'.repeat(1e6)), /at most 64 levels/],
  ['3,000,000 items', () => safetensors(`{"w":[${'1,'.repeat(3e6)}1]}`), /at most 2097152 values/],
  ['3,000,000 objects', () => safetensors(`{"w":[${'{},'.repeat(3e6)}{}]}`), /at most 2097152 values/],
  ['names of one hash', () => safetensors(`{"${long}":1,"${long}b":2}`), tooLong],
  ['long values', () => safetensors(`{"w":[${`"${long}",`.repeat(100)}1]}`), /at most 64 strings over 4096 bytes/],
  ['an entry that is a number', () => safetensors('{"w":1}'), /tensor 'w': expected an object/],
  ['no dtype', () => safetensors(entry('"shape":[]')), /'w': expected a dtype of/],
  ['an unknown dtype', () => safetensors(entry('"dtype":"F999"')), /'w': expected a dtype.*"F999"/],
  ['a dtype of a megabyte', () => safetensors(entry(`"dtype":"${'F'.repeat(1e6)}"`)), /'w': expected a dtype.*…$/],
  ['a dtype of the prototype', () => safetensors(entry('"dtype":"constructor"')), /'w': expected a dtype/],
  ['a shape that is text', () => safetensors(entry('"dtype":"F32","shape":"2"')), /'w': expected a shape/],
  ['a negative size', () => safetensors(entry('"dtype":"F32","shape":[-1]')), /'w': expected a shape/],
  ['a size that is no integer', () => safetensors(entry('"dtype":"F32","shape":[1.5]')), /'w': expected a shape/],
  ['a size of 1e400', () => safetensors(entry('"dtype":"F32","shape":[1e400]')), /'w': expected a shape/],
  ['a million axes', () => safetensors(entry(`"dtype":"F32","shape":[${'1,'.repeat(1e6)}1]`)), /'w': expected a shape/],
  [
    'a product beyond every number',
    () => safetensors(entry(`"dtype":"F32","shape":[${'9007199254740991,'.repeat(40)}1],"data_offsets":[0,8]`), 8),
    /'w': expected Infinity bytes/,
  ],
  [
    'offsets the wrong way',
    () => safetensors(entry('"dtype":"F32","shape":[2],"data_offsets":[8,0]'), 8),
    /data_offsets/,
  ],
  ['three offsets', () => safetensors(entry('"dtype":"F32","shape":[2],"data_offsets":[0,8,9]'), 8), /data_offsets/],
  [
    'offsets of another shape',
    () => safetensors(entry('"dtype":"F32","shape":[3],"data_offsets":[0,8]'), 8),
    /12 bytes/,
  ],
  ['data beyond the file', () => safetensors(entry(f32), 4), /'w': expected data within 4 bytes/],
  ['data of no tensor', () => safetensors(entry(f32), 9), /1 belong to no tensor/],
  ['a hole', () => safetensors(entry('"dtype":"F32","shape":[2],"data_offsets":[4,12]'), 12), /leaves a hole/],
  ['an overlap', () => safetensors(`{"v":{${f32}},"w":{${f32}}}`, 8), /overlaps/],
  ['metadata of numbers', () => safetensors('{"__metadata__":{"a":1}}'), /__metadata__/],
];

const indexes: readonly [name: string, index: () => string, says: RegExp][] = [
  ['an index that is a list', () => '[]', /index\.json: weight_map: expected an object/],
  ['a shard that is a number', () => '{"weight_map":{"w":7}}', /'w': expected a path inside the model, got 7/],
  ['a shard in the parent', () => '{"weight_map":{"w":"../x.safetensors"}}', /'w': expected a path inside the model/],
  ['a shard of 90,000 letters', () => `{"weight_map":{"w":"${'a'.repeat(90_000)}"}}`, /'w': expected a path inside/],
  [
    'a shard that is missing',
    () => '{"weight_map":{"w":"a.safetensors"}}',
    /expected a shard 'a\.safetensors', got none/,
  ],
  ['an index of 100,000 levels', () => nested(100_000), /index\.json: expected JSON with at most 64 levels/],
];

const manifests: readonly [name: string, manifest: () => string, says: RegExp][] = [
  ['a manifest that is an object', () => '{}', /weightsManifest: expected a list/],
  ['a group without paths', () => '[{"weights":[]}]', /group 0: expected lists/],
  ['a path in the parent', () => '[{"paths":["../x"],"weights":[]}]', /group 0: expected a path inside/],
  ['a weight without a name', () => `[{"paths":[],"weights":[{"x":"${long}"}]}]`, /with a name, got.*…$/],
  ['a million axes of a weight', () => manifestOf(`"shape":[${'1,'.repeat(1e6)}1]`), /'w': expected a shape of sizes/],
  [
    'quantisation of 60 levels',
    () => manifestOf(`"shape":[],"dtype":"float32","quantization":${nested(58)}`),
    /an object/,
  ],
  ['a manifest of 100,000 levels', () => nested(100_000), /model\.json: expected JSON with at most 64 levels/],
];

const manifestOf = (fields: string) => `[{"paths":[],"weights":[{"name":"w",${fields}}]}]`;

/** A file that is as large as its disk, where every read would fail. */
const vast: Files = {
  id: 'm',
  open: async (path) =>
    path.endsWith('index.json')
      ? { name: `m/${path}`, size: 1e13, read: () => Promise.reject(new Error('read')) }
      : undefined,
};

const cases: readonly HostileCase[] = [
  ...headers.map(([name, bytes, says]) => ({
    name: `safetensors: ${name}`,
    code,
    says: new RegExp(`^m/model\\.safetensors: .*${says.source.replace(/^m\\\/model\\.safetensors: /, '')}`, 's'),
    run: async () => openCheckpoint(filesOf({ 'model.safetensors': bytes() })),
  })),
  ...indexes.map(([name, index, says]) => ({
    name,
    code,
    says,
    run: async () => openCheckpoint(filesOf({ 'model.safetensors.index.json': index() })),
  })),
  ...manifests.map(([name, manifest, says]) => ({
    name,
    code,
    says,
    run: async () => openTfjsWeights(filesOf({ 'model.json': `{"weightsManifest":${manifest()}}` })),
  })),
  {
    name: 'an index of 10 TB',
    code,
    says: /index\.json: expected at most 100000000 bytes/,
    run: async () => openCheckpoint(vast),
  },
];

export const kind: HostileKind = {
  cases,
  async honest() {
    const source = await filesOf({ 'a.safetensors': safetensors(entry(f32), 8) }).open('a.safetensors');
    await (await openSafetensors(source!)).read('w');
  },
};
