import { invalid, unsupported } from '../invalid.ts';
import type { Pickled } from './pickled.ts';
import type { PickleReader } from './pickle-reader.ts';

/** Letters of a key. Longer strings of one length have one hash in V8, so that many of them take minutes. */
const maxKey = 1024;
/** Keys of a dictionary that are numbers, whose hashes a file can choose. */
const maxNumbers = 10_000;

/** What a dictionary of tensors may be keyed by, in a way that costs no more than it seems. */
export function keyOf(read: PickleReader, items: ReadonlyMap<Pickled, Pickled>, key: Pickled): Pickled {
  const { file } = read;
  if (typeof key === 'string' && key.length <= maxKey) return key;
  if (typeof key === 'number' && items.size < maxNumbers) return key;
  const at = `before byte ${read.at()}`;
  if (typeof key === 'string') throw invalid(`${file}: pickle`, `keys of at most ${maxKey} letters`, `more ${at}`);
  if (typeof key === 'number') throw invalid(`${file}: pickle`, `at most ${maxNumbers} integers as keys`, `more ${at}`);
  throw unsupported(file, 'dictionaries keyed by strings or integers', `${typeof key} ${at}`);
}
