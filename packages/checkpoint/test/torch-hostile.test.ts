import { openTorchZip } from '@diptych/checkpoint';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './bytes.ts';
import { call, codeOf, named, pickleBytes, storage, tensor, type Value } from './pickle-bytes.ts';
import { concat, zipBytes, type ZipFile } from './zip-bytes.ts';

const text = (value: string) => new TextEncoder().encode(value);
const pickleFile = (data: Uint8Array): ZipFile => ({ name: 'm/data.pkl', data });
const storageFile: ZipFile = { name: 'm/data/0', data: new Uint8Array(8) };
const good = pickleFile(pickleBytes(new Map()));
const open = async (bytes: Uint8Array) => openTorchZip(bytesSource('evil.bin', bytes));
const openPickle = async (data: Uint8Array) => open(zipBytes([pickleFile(data), storageFile]));
const openValue = async (value: Value) => openPickle(pickleBytes(value));

async function expectRefused(opened: Promise<unknown>, code: string, message: RegExp): Promise<void> {
  await expect(opened).rejects.toMatchObject({ code });
  await expect(opened).rejects.toThrow(/^evil\.bin: /);
  await expect(opened).rejects.toThrow(message);
}

describe('a pickle that names anything but tensors and dictionaries is refused by that name', () => {
  it.each([
    ['posix', 'system'],
    ['os', 'system'],
    ['nt', 'system'],
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['subprocess', 'Popen'],
    ['torch', 'load'],
    ['torch._utils', '_rebuild_tensor'],
    ['torch', 'FloatStorage.__init__'],
    ['collections', 'OrderedDict.__reduce__'],
    ['', 'constructor'],
  ])('%s.%s', async (module, name) => {
    const opened = openValue(call(named(module, name), 'id'));
    await expectRefused(opened, 'CHECKPOINT_INVALID', new RegExp(`'${module}\\.${name}'`));
  });

  it.each([
    ['INST', text('(ios\nsystem\n.')],
    ['STACK_GLOBAL', concat(codeOf('os'), codeOf('system'), Uint8Array.of(0x93, 0x2e))],
    ['EXT1', Uint8Array.of(0x82, 1, 0x2e)],
    ['PERSID', text('Pid\n.')],
    ['PROTO 5', Uint8Array.of(0x80, 5, 0x4e, 0x2e)],
  ])('%s is no way around it', async (_opcode, code) => {
    await expectRefused(openPickle(code), 'UNSUPPORTED', /pickle/);
  });

  it.each([
    ['called', call(named('torch', 'FloatStorage'), 1)],
    ['filled', call(named('collections', 'OrderedDict'), [['a', 1]])],
    ['without state', call(named('__torch__', 'CLIP'))],
  ])('a known name that is %s means nothing', async (_how, value) => {
    await expectRefused(openValue(value), 'UNSUPPORTED', /expected an object that holds tensors/);
  });
});

describe('a damaged pickle is refused', () => {
  const get = (index: number) => concat(text('h'), Uint8Array.of(index));
  const put = (index: number) => concat(text('q'), Uint8Array.of(index));

  it.each<[problem: string, code: Uint8Array]>([
    ['empty', new Uint8Array()],
    ['without an end', text('N')],
    ['cut short in a number', text('J\0')],
    ['cut short in a text', text('X\xff\0\0\0')],
    ['cut short in a name', text('cos')],
    ['an empty stack', text('.')],
    ['no mark', text('Nt.')],
    ['a mark above the stack', text('N(00t.')],
    ['nothing memorised', get(9)],
    ['an odd number of keys and values', text('}(Nu.')],
    ['keys of a list', text('](NNu.')],
    ['appending to a dictionary', text('}Na.')],
    ['calling a text', concat(codeOf('x'), text(')R.'))],
    ['building a list', text(']Nb.')],
    ['a dictionary in itself', concat(text('}'), put(0), codeOf('a'), get(0), text('s.'))],
    ['a list in itself', concat(text(']'), put(0), get(0), text('a.'))],
  ])('%s', async (_problem, code) => {
    await expectRefused(openPickle(code), 'CHECKPOINT_INVALID', /expected|stack|mark|memorised/);
  });

  it('a small one that describes 2 ** 60 values', async () => {
    const level = (i: number) =>
      concat(text('}'), codeOf('a'), get(i), text('s'), codeOf('b'), get(i), text('s'), put(i + 1));
    const levels = Array.from({ length: 60 }, (_, i) => level(i));
    await expectRefused(openPickle(concat(text('}'), put(0), ...levels, text('.'))), 'CHECKPOINT_INVALID', /values/);
  });

  it('one that nests 100,000 deep', async () => {
    const code = concat(text(']'.repeat(100_000)), text('a'.repeat(99_999)), text('.'));
    await expectRefused(openPickle(code), 'CHECKPOINT_INVALID', /levels/);
  });
});

describe('a pickle that would take more than it may is refused', () => {
  const bytes = storage('ByteStorage', '0', 8);
  const long = 'a'.repeat(20_005);
  const dictionary = (keys: readonly Value[]) => pickleBytes(new Map(keys.map((key) => [key, null])));
  const axes = Array.from({ length: 65 }, () => 1);
  const integers = Array.from({ length: 10_001 }, (_, i) => i);
  const modules = (depth: number): Value =>
    depth === 0 ? tensor(bytes, [8]) : new Map([['m'.repeat(1000), modules(depth - 1)]]);

  it.each<[problem: string, code: Uint8Array, message: RegExp]>([
    ['long keys', dictionary([long]), /keys of at most 1024 letters/],
    ['a long name of a class', text(`c__torch__\n${long}\n.`), /name of at most 1024 bytes at 11/],
    ['a name without end', text(`c${long}`), /name of at most 1024 bytes at 1/],
    ['many integers as keys', dictionary(integers), /at most 10000 integers as keys/],
    [
      'a far place in the memo',
      concat(text('Nr'), Uint8Array.of(0, 0, 0, 255), text('.')),
      /memo below 2097152, got 4278190080/,
    ],
    ['600,000 dictionaries', text(`${'}'.repeat(600_000)}.`), /at most 262144 lists and dictionaries/],
    ['600,000 lists', text(`${']'.repeat(600_000)}.`), /at most 262144 lists and dictionaries/],
    [
      'five million opcodes',
      text(`${'N'.repeat(5_000_000)}.`),
      /pickle before byte 2097153: expected at most 2097152 opcodes, got more/,
    ],
    ['a path of 2,000 letters', pickleBytes(modules(2)), /names of at most 1024 letters/],
    ['65 axes', pickleBytes(new Map([['w', tensor(bytes, axes)]])), /tensor 'w': expected.*at most 64/],
  ])('%s', async (_problem, code, message) => {
    await expectRefused(openPickle(code), 'CHECKPOINT_INVALID', message);
  });

  it('keys that are neither texts nor numbers', async () => {
    const huge = concat(Uint8Array.of(0x8a, 9), new Uint8Array(8), Uint8Array.of(1));
    for (const key of [{ code: huge }, null, [1], true]) {
      await expectRefused(openPickle(dictionary([key])), 'UNSUPPORTED', /keyed by strings or integers/);
    }
  });
});

describe('a tensor that its storage cannot hold is refused by its name', () => {
  const bytes = storage('ByteStorage', '0', 8);
  it.each<[problem: string, value: Value, code: string]>([
    ['more values than the storage', tensor(bytes, [9]), 'CHECKPOINT_INVALID'],
    ['an offset beyond it', tensor(bytes, [2], { offset: 7 }), 'CHECKPOINT_INVALID'],
    ['strides beyond it', tensor(bytes, [3, 2], { strides: [4, 1] }), 'CHECKPOINT_INVALID'],
    ['wider values', tensor(storage('FloatStorage', '0', 8), [3]), 'CHECKPOINT_INVALID'],
    ['a storage that is missing', tensor(storage('ByteStorage', '1', 8), [1]), 'CHECKPOINT_INVALID'],
    ['a storage outside the archive', tensor(storage('ByteStorage', '../data.pkl', 8), [1]), 'CHECKPOINT_INVALID'],
    ['a storage of another kind', tensor(storage('_utils._rebuild_tensor_v2', '0', 8), [1]), 'CHECKPOINT_INVALID'],
    ['a storage that is none', tensor(named('torch', 'ByteStorage'), [1]), 'CHECKPOINT_INVALID'],
    ['a negative size', tensor(bytes, [-1]), 'CHECKPOINT_INVALID'],
    ['a negative stride', tensor(bytes, [2], { strides: [-1], offset: 1 }), 'CHECKPOINT_INVALID'],
    ['a negative offset', tensor(bytes, [1], { offset: -1 }), 'CHECKPOINT_INVALID'],
    ['fewer strides than axes', tensor(bytes, [1, 1], { strides: [1] }), 'CHECKPOINT_INVALID'],
    ['no arguments', call(named('torch._utils', '_rebuild_tensor_v2')), 'CHECKPOINT_INVALID'],
    ['eight bytes as four billion values', tensor(bytes, [65536, 65536], { strides: [0, 0] }), 'UNSUPPORTED'],
  ])('%s', async (_problem, value, code) => {
    await expectRefused(openValue(new Map([['weight', value]])), code, /tensor 'weight'/);
  });

  it('two tensors of one name', async () => {
    const value = new Map<Value, Value>([
      ['a.b', tensor(bytes, [1])],
      ['a', new Map([['b', tensor(bytes, [1])]])],
    ]);
    await expectRefused(openValue(value), 'CHECKPOINT_INVALID', /tensor 'a\.b'.*twice/);
  });
});

describe('a hostile archive is refused', () => {
  const slip = (name: string) => zipBytes([good, { name, data: text('x') }]);
  const whole = zipBytes([good, storageFile]);
  const bomb = { name: 'm/data/1', data: new Uint8Array(8), declared: 2 ** 31 };

  it.each<[problem: string, bytes: Uint8Array, code: string, message: RegExp]>([
    ['slip to the parent', slip('../../etc/cron.d/x'), 'CHECKPOINT_INVALID', /'\.\.\/\.\.\/etc/],
    ['slip to the root', slip('/etc/passwd'), 'CHECKPOINT_INVALID', /'\/etc\/passwd'/],
    ['slip to a drive', slip('C:\\x'), 'CHECKPOINT_INVALID', /'C:/],
    ['the same name twice', zipBytes([good, good]), 'CHECKPOINT_INVALID', /twice/],
    ['two entries at one place', zipBytes([good, { ...storageFile, begin: 0 }]), 'CHECKPOINT_INVALID', /expected/],
    ['a declared size out of proportion', zipBytes([good, bomb]), 'CHECKPOINT_INVALID', /2147483648 declared/],
    ['a deflate bomb', zipBytes([good, { ...bomb, method: 8 }]), 'UNSUPPORTED', /compressed/],
    ['an encrypted entry', zipBytes([good, { ...storageFile, flags: 1 }]), 'UNSUPPORTED', /encrypted/],
    ['no pickle', zipBytes([storageFile]), 'CHECKPOINT_INVALID', /data\.pkl/],
    ['two pickles', zipBytes([good, { ...good, name: 'n/data.pkl' }]), 'CHECKPOINT_INVALID', /one data\.pkl/],
    ['an empty file', new Uint8Array(), 'CHECKPOINT_INVALID', /zip/],
    [
      'a long name',
      zipBytes([good, { name: 'm/'.repeat(2100) + 'a', data: text('x') }]),
      'CHECKPOINT_INVALID',
      /path inside/,
    ],
    ['not an archive', text('<!doctype html>'.repeat(9)), 'CHECKPOINT_INVALID', /zip/],
    ['its end cut off', whole.slice(0, -1), 'CHECKPOINT_INVALID', /zip/],
    ['its beginning cut off', whole.slice(9), 'CHECKPOINT_INVALID', /zip/],
    ['the format before torch 1.6', pickleBytes(119547037), 'UNSUPPORTED', /torch 1\.6/],
  ])('%s', async (_problem, bytes, code, message) => {
    await expectRefused(open(bytes), code, message);
  });

  it('every prefix of a good one', async () => {
    for (let length = 0; length < whole.length; length++) {
      await expectRefused(open(whole.slice(0, length)), 'CHECKPOINT_INVALID', /expected/);
    }
  });

  it('big-endian storages', async () => {
    const order: ZipFile = { name: 'm/byteorder', data: text('big') };
    await expectRefused(open(zipBytes([good, order])), 'UNSUPPORTED', /'big'/);
  });
});
