import type { EmbeddingError } from '@diptych/core';
import { invalid, unsupported } from '../invalid.ts';
import { isKind, type Pickled } from './pickled.ts';
import { keyOf } from './pickle-key.ts';
import { pickleReader, type PickleReader } from './pickle-reader.ts';

/** The state of a pickle being read. */
interface Machine {
  readonly read: PickleReader;
  readonly allows: (global: string) => boolean;
  readonly stack: Pickled[];
  /** Heights of the stack that are still to be closed. */
  readonly marks: number[];
  /** By their numbers, which are counted up. */
  readonly memo: Pickled[];
  /** Lists, dictionaries and objects so far. */
  made: number;
}

const stop = 0x2e;

/** Each far above what 20,000 tensors take. */
const maxSteps = 2 ** 21;
const maxMade = 2 ** 18;
/**
 * The value that a pickle of protocol 2 describes. Nothing is imported or called: an object comes back as the name of
 * its class or function with the arguments and the state, and a name that `allows` refuses ends the reading.
 *
 * @param file What errors call the pickle.
 * @throws {EmbeddingError} `CHECKPOINT_INVALID`; `UNSUPPORTED` for an opcode that torch does not write.
 */
export function unpickle(file: string, bytes: Uint8Array, allows: (global: string) => boolean): Pickled {
  const m: Machine = { read: pickleReader(file, bytes), allows, stack: [], marks: [], memo: [], made: 0 };
  for (let step = 0; ; step++) {
    const code = m.read.uint8();
    if (code === stop) return pop(m);
    if (step >= maxSteps) throw broken(m, `at most ${maxSteps} opcodes`, 'more');
    const run = opcodes.get(code);
    if (!run) throw unsupported(`${file}: pickle`, 'opcodes of protocol 2', `0x${code.toString(16)}`);
    run(m);
  }
}

/** Opcodes by their byte, named as in Python's pickletools. */
const opcodes: ReadonlyMap<number, (m: Machine) => void> = new Map<number, (m: Machine) => void>([
  [0x80, proto],
  [0x28, (m) => m.marks.push(m.stack.length)], // MARK
  [0x30, pop], // POP
  [0x4e, (m) => m.stack.push(null)], // NONE
  [0x88, (m) => m.stack.push(true)], // NEWTRUE
  [0x89, (m) => m.stack.push(false)], // NEWFALSE
  [0x4b, (m) => m.stack.push(m.read.uint8())], // BININT1
  [0x4d, (m) => m.stack.push(m.read.uint16())], // BININT2
  [0x4a, (m) => m.stack.push(m.read.int32())], // BININT
  [0x8a, (m) => m.stack.push(m.read.long(m.read.uint8()))], // LONG1
  [0x47, (m) => m.stack.push(m.read.float64())], // BINFLOAT
  [0x58, (m) => m.stack.push(m.read.text(m.read.uint32()))], // BINUNICODE
  [0x55, (m) => m.stack.push(m.read.text(m.read.uint8()))], // SHORT_BINSTRING
  [0x7d, (m) => make(m, new Map())], // EMPTY_DICT
  [0x5d, (m) => make(m, [])], // EMPTY_LIST
  [0x29, (m) => make(m, [])], // EMPTY_TUPLE
  [0x85, (m) => tuple(m, 1)], // TUPLE1
  [0x86, (m) => tuple(m, 2)], // TUPLE2
  [0x87, (m) => tuple(m, 3)], // TUPLE3
  [0x74, (m) => make(m, popMark(m))], // TUPLE
  [0x6c, (m) => make(m, popMark(m))], // LIST
  [0x61, (m) => append(m, [pop(m)])], // APPEND
  [0x65, (m) => append(m, popMark(m))], // APPENDS
  [0x73, (m) => setItems(m, [pop(m), pop(m)].toReversed())], // SETITEM
  [0x75, (m) => setItems(m, popMark(m))], // SETITEMS
  [0x71, (m) => memorise(m, m.read.uint8())], // BINPUT
  [0x72, (m) => memorise(m, m.read.uint32())], // LONG_BINPUT
  [0x68, (m) => recall(m, m.read.uint8())], // BINGET
  [0x6a, (m) => recall(m, m.read.uint32())], // LONG_BINGET
  [0x63, global], // GLOBAL
  [0x51, (m) => make(m, { kind: 'reference', id: pop(m) })], // BINPERSID
  [0x52, object], // REDUCE
  [0x81, object], // NEWOBJ
  [0x62, build], // BUILD
]);

function proto(m: Machine): void {
  const version = m.read.uint8();
  if (version > 2) throw unsupported(`${m.read.file}: pickle`, 'protocol 2', version);
}

function top(m: Machine): Pickled {
  const value = m.stack.at(-1);
  if (value === undefined) throw broken(m, 'a value on the stack', 'none');
  return value;
}

function pop(m: Machine): Pickled {
  const value = top(m);
  m.stack.pop();
  return value;
}

function make(m: Machine, value: Pickled): void {
  if (++m.made > maxMade) {
    throw broken(m, `at most ${maxMade} lists and dictionaries`, 'more');
  }
  m.stack.push(value);
}

function popMark(m: Machine): Pickled[] {
  const mark = m.marks.pop();
  if (mark === undefined || mark > m.stack.length) {
    throw broken(m, 'a mark', 'none');
  }
  return m.stack.splice(mark);
}

function tuple(m: Machine, length: number): void {
  const values = Array.from({ length }, () => pop(m)).toReversed();
  make(m, values);
}

function append(m: Machine, values: readonly Pickled[]): void {
  const list = top(m);
  if (!Array.isArray(list)) throw broken(m, 'a list');
  for (const value of values) list.push(value);
}

function setItems(m: Machine, keysAndValues: readonly Pickled[]): void {
  const target = top(m);
  const items = target instanceof Map ? target : isKind(target, 'object') ? target.items : undefined;
  if (!items || keysAndValues.length % 2 === 1) {
    throw broken(m, 'a dictionary and pairs');
  }
  for (let i = 0; i < keysAndValues.length; i += 2)
    items.set(keyOf(m.read, items, keysAndValues[i]!), keysAndValues[i + 1]!);
}

function memorise(m: Machine, index: number): void {
  if (index >= maxSteps) throw broken(m, `a memo below ${maxSteps}`, index);
  m.memo[index] = top(m);
}

function recall(m: Machine, index: number): void {
  const value = m.memo[index];
  if (value === undefined) throw broken(m, `a value memorised as ${index}`, 'none');
  m.stack.push(value);
}

function global(m: Machine): void {
  const name = `${m.read.line()}.${m.read.line()}`;
  if (!m.allows(name)) {
    throw broken(m, 'only tensors and dictionaries', `'${name}', which is not on the list`);
  }
  make(m, { kind: 'global', name });
}

function object(m: Machine): void {
  const args = pop(m);
  const of = pop(m);
  if (!Array.isArray(args) || !isKind(of, 'global')) {
    throw broken(m, 'a class and arguments');
  }
  make(m, { kind: 'object', of: of.name, args, items: new Map() });
}

function build(m: Machine): void {
  const state = pop(m);
  const target = top(m);
  if (!isKind(target, 'object')) throw broken(m, 'an object');
  target.state = state;
}

function broken({ read }: Machine, expected: string, got: unknown = 'something else'): EmbeddingError {
  return invalid(`${read.file}: pickle before byte ${read.at()}`, expected, got);
}
