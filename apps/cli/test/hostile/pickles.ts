import { openCheckpoint } from '@diptych/checkpoint';
import { concat, type HostileCase, type HostileKind, text, u16, u32 } from './case.ts';

const put = (code: string): Uint8Array<ArrayBuffer> => Buffer.from(code, 'latin1');
/** 30 MB of one opcode. */
const many = (opcode: string): Uint8Array<ArrayBuffer> => Buffer.alloc(3e7, opcode, 'latin1');
const string = (value: string) => concat(text('X'), u32(text(value).length), text(value));
const long = 'a'.repeat(20_005);

/** An archive of torch with this pickle; `names` are empty files beside it. */
function archive(
  pickle: Uint8Array<ArrayBuffer>,
  names: readonly string[] = ['m/data/0'],
  declared = pickle.length,
): Uint8Array {
  const files = [['m/data.pkl', pickle] as const, ...names.map((name) => [name, new Uint8Array(8)] as const)];
  const locals: Uint8Array<ArrayBuffer>[] = [];
  const listed: Uint8Array<ArrayBuffer>[] = [];
  let begin = 0;
  for (const [name, data] of files) {
    const size = data === pickle ? declared : data.length;
    const sizes = concat(u32(data.length), u32(size), u16(text(name).length), u16(0));
    const head = concat(u32(0x04034b50), u16(20), u16(0), u16(0), u32(0), u32(0), sizes, text(name));
    const place = concat(u16(0), u16(0), u16(0), u32(0), u32(begin), text(name));
    listed.push(concat(u32(0x02014b50), u16(20), u16(20), u16(0), u16(0), u32(0), u32(0), sizes, place));
    locals.push(head, data);
    begin += head.length + data.length;
  }
  const directory = concat(...listed);
  const counts = concat(u16(files.length), u16(files.length), u32(directory.length), u32(begin), u16(0));
  return concat(...locals, directory, u32(0x06054b50), u16(0), u16(0), counts);
}

const openBytes = async (bytes: Uint8Array) => {
  const read = async (begin: number, end: number) => bytes.subarray(begin, end);
  const source = { name: 'm/pytorch_model.bin', size: bytes.length, read };
  return openCheckpoint({ id: 'm', open: async (path) => (path === 'pytorch_model.bin' ? source : undefined) });
};
const openPickle = async (code: Uint8Array<ArrayBuffer>) => openBytes(archive(code));

const tensorOf = (shape: Uint8Array, strides = shape) =>
  concat(
    put('ctorch._utils\n_rebuild_tensor_v2\n(('),
    string('storage'),
    put('ctorch\nByteStorage\n'),
    string('0'),
    string('cpu'),
    put('K\x08tQK\x00'),
    shape,
    strides,
    put('\x89)tR'),
  );
const named = (name: string, value: Uint8Array) => concat(put('}'), string(name), value, put('s.'));
const ones = (count: number) => put(`(${'K\x01'.repeat(count)}t`);

export const honestArchive: Uint8Array = archive(named('w', tensorOf(put('(K\x08t'), ones(1))));

const invalid: readonly [name: string, code: () => Uint8Array<ArrayBuffer>, says: RegExp][] = [
  ['posix.system', () => put('cposix\nsystem\n.'), /'posix\.system', which is not on the list/],
  ['builtins.eval', () => put('cbuiltins\neval\n.'), /'builtins\.eval'/],
  ['an attribute of a class', () => put('ccollections\nOrderedDict.__reduce__\n.'), /__reduce__/],
  ['no end', () => put('N'), /1 more bytes/],
  ['an empty stack', () => put('.'), /before byte 1: expected a value on the stack/],
  ['a text of 4 GiB', () => put('X\xff\xff\xff\xff'), /expected 4294967295 more bytes/],
  ['a name of 20,005 letters', () => put(`c__torch__\n${long}\n.`), /name of at most 1024 bytes at/],
  ['a name of 30 MB', () => many('c'), /name of at most 1024 bytes at/],
  [
    'keys of one hash',
    () => concat(put('}('), string(long), put('N'), string(`${long}b`), put('Nu.')),
    /keys of at most/,
  ],
  [
    '60,000 integers as keys',
    () => concat(put('}('), ...Array.from({ length: 6e4 }, (_, i) => concat(put('J'), u32(i), put('N'))), put('u.')),
    /at most 10000 integers/,
  ],
  ['a place of 4 billion in the memo', () => put('Nr\xff\xff\xff\xff.'), /memo below 2097152, got 4294967295/],
  ['nothing in the memo', () => put('h\x09.'), /expected a value memorised as 9/],
  ['30 MB of dictionaries', () => many('}'), /at most 262144 lists and dictionaries/],
  ['30 MB of lists', () => many(']'), /at most 262144 lists and dictionaries/],
  ['30 MB of tuples', () => many('N\x85'), /at most 262144 lists and dictionaries/],
  ['30 MB of nothing', () => many('N'), /before byte 2097153: expected at most 2097152 opcodes, got more/],
  ['30 MB of marks', () => many('('), /at most 2097152 opcodes/],
  ['a pickle of 65 MB', () => new Uint8Array(6.8e7), /at most 67108864 bytes/],
  ['100,000 levels', () => put(`${']'.repeat(1e5)}${'a'.repeat(1e5 - 1)}.`), /at most 100 levels/],
  ['a dictionary in itself', () => concat(put('}q\x00'), string('a'), put('h\x00s.')), /at most 100 levels/],
  [
    '2^60 values',
    () =>
      concat(
        put('}q\x00'),
        ...Array.from({ length: 60 }, (_, i) =>
          concat(
            put('}'),
            string('a'),
            put(`h${String.fromCharCode(i)}s`),
            string('b'),
            put(`h${String.fromCharCode(i)}sq${String.fromCharCode(i + 1)}`),
          ),
        ),
        put('.'),
      ),
    /values/,
  ],
  [
    'paths of 2,000 letters',
    () => named('a'.repeat(1000), concat(put('}'), string('b'.repeat(1000)), tensorOf(ones(1)), put('s'))),
    /names of at most 1024 letters/,
  ],
  ['a million axes', () => named('w', tensorOf(ones(1e6))), /tensor 'w': expected an offset and as many strides/],
  ['65 axes', () => named('w', tensorOf(ones(65))), /tensor 'w': .*at most 64/],
  ['other strides than axes', () => named('w', tensorOf(ones(2), ones(1))), /tensor 'w'/],
  ['a negative size', () => named('w', tensorOf(put('(J\xff\xff\xff\xfft'))), /tensor 'w'/],
  ['values beyond the storage', () => named('w', tensorOf(put('(K\x09t'), ones(1))), /tensor 'w': expected 9 bytes/],
  ['a list as a class', () => put('])R.'), /expected a class and arguments/],
  ['keys of a list', () => put('](NNu.'), /expected a dictionary and pairs/],
];

const unsupported: readonly [name: string, code: () => Uint8Array<ArrayBuffer>, says: RegExp][] = [
  ['INST', () => put('(ios\nsystem\n.'), /expected opcodes of protocol 2, got 0x69/],
  [
    'STACK_GLOBAL',
    () => concat(string('os'), string('system'), put('\x93.')),
    /expected opcodes of protocol 2, got 0x93/,
  ],
  ['protocol 5', () => put('\x80\x05N.'), /expected protocol 2, got 5/],
  ['keys that are null', () => put('}NNs.'), /keyed by strings or integers/],
  ['keys that are huge integers', () => put('}\x8a\x09\0\0\0\0\0\0\0\0\x01Ns.'), /keyed by strings or integers/],
  [
    'one value as 4 billion',
    () => named('w', tensorOf(put('(M\xff\xffM\xff\xfft'), put('(K\x00K\x00t'))),
    /'w': expected values of their own/,
  ],
];

const archives: readonly [name: string, bytes: () => Uint8Array, says: RegExp][] = [
  ['an archive that is empty', () => new Uint8Array(0), /bytes 0 to|end of a zip archive/],
  ['what is no archive', () => text('<!doctype html>'.repeat(99)), /expected the end of a zip archive/],
  [
    'a slip to the parent',
    () => archive(put('}.'), ['../../etc/x']),
    /expected an entry with a path inside the archive, got '\.\.\/\.\.\/etc\/x'/,
  ],
  [
    'an entry of 60,000 letters',
    () => archive(put('}.'), ['a/'.repeat(30_000) + 'b']),
    /expected an entry with a path inside/,
  ],
  ['a name twice', () => archive(put('}.'), ['m/data/0', 'm/data/0']), /expected entry 'm\/data\/0' once/],
  ['two pickles', () => archive(put('}.'), ['n/data.pkl']), /expected one data\.pkl/],
  ['a size out of proportion', () => archive(put('}.'), [], 2 ** 31), /2147483648 declared/],
];

const cases: readonly HostileCase[] = [
  ...invalid.map(([name, code, says]) => ({
    name,
    code: 'CHECKPOINT_INVALID',
    says,
    run: async () => openPickle(code()),
  })),
  ...unsupported.map(([name, code, says]) => ({
    name,
    code: 'UNSUPPORTED',
    says,
    run: async () => openPickle(code()),
  })),
  ...archives.map(([name, bytes, says]) => ({
    name,
    code: 'CHECKPOINT_INVALID',
    says,
    run: async () => openBytes(bytes()),
  })),
];

export const kind: HostileKind = {
  cases: cases.map((one) => ({ ...one, says: new RegExp(`^m/pytorch_model\\.bin: .*(${one.says.source})`, 's') })),
  async honest() {
    const opened = await openBytes(honestArchive);
    await opened.read('w');
  },
};
