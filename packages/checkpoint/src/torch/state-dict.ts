import { invalid, unsupported } from '../invalid.ts';
import { isScriptClass, orderedDict, rebuildTensor, wrappers } from './globals.ts';
import { isKind, type Pickled, type PickledObject } from './pickled.ts';

/** Far above real checkpoints, whose modules nest some twenty deep. */
const maxDepth = 100;
/** Dictionaries may be shared, so that a small pickle can describe a tree of any size. */
const maxValues = 1_000_000;
const maxTensors = 100_000;
/** Letters of a path, each of which is kept. */
const maxPath = 1024;

/**
 * The tensors of a checkpoint by the dotted path of the dictionaries, lists and modules around them. What is neither,
 * such as the number of an epoch, is left out.
 *
 * @param file What errors call the checkpoint.
 * @returns Calls of torch's `_rebuild_tensor_v2`, their arguments unchecked.
 */
export function tensorsByPath(file: string, root: Pickled): ReadonlyMap<string, PickledObject> {
  const tensors = new Map<string, PickledObject>();
  let visited = 0;
  const visit = (value: Pickled, path: string, depth: number): void => {
    if (depth > maxDepth || ++visited > maxValues) {
      throw invalid(`${file}: '${path.slice(0, 80)}'`, `at most ${maxDepth} levels and ${maxValues} values`, 'more');
    }
    if (isKind(value, 'object') && value.of === rebuildTensor) {
      if (path.length > maxPath || tensors.size >= maxTensors) {
        const expected = `at most ${maxTensors} tensors with names of at most ${maxPath} letters`;
        throw invalid(`${file}: tensor '${path.slice(0, 80)}'`, expected, 'more');
      }
      if (tensors.has(path)) throw invalid(file, `tensor '${path}' once`, 'it twice');
      tensors.set(path, value);
      return;
    }
    for (const [key, child] of children(file, value)) visit(child, join(path, key), depth + 1);
  };
  visit(root, '', 0);
  return tensors;
}

/** An empty key stands for the value itself. */
function join(path: string, key: string): string {
  return path && key ? `${path}.${key}` : path + key;
}

function children(file: string, value: Pickled): Iterable<readonly [key: string, value: Pickled]> {
  if (Array.isArray(value)) return value.map((item, i) => [String(i), item] as const);
  if (value instanceof Map) return named(file, value);
  if (!isKind(value, 'object')) return [];
  if (wrappers.has(value.of) && value.args[0] !== undefined) return [['', value.args[0]]];
  if (value.of === orderedDict && value.args.length === 0) return named(file, value.items);
  if (isScriptClass(value.of) && value.state !== undefined) return [['', value.state]];
  throw unsupported(file, 'an object that holds tensors', `'${value.of}' with ${value.args.length} arguments`);
}

function named(file: string, items: ReadonlyMap<Pickled, Pickled>): (readonly [string, Pickled])[] {
  return [...items].map(([key, value]) => {
    if (typeof key === 'string' || typeof key === 'number') return [String(key), value];
    throw unsupported(file, 'dictionaries keyed by strings or integers', typeof key);
  });
}
