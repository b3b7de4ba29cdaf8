import { isObject, quote } from '@diptych/core';
import { isRelativePath } from '@diptych/files';
import type { Dtype } from '../dtype.ts';
import { invalid } from '../invalid.ts';
import { byteLength, sizes } from '../shape.ts';
import { weightEncoding } from './weight-encoding.ts';

/** Where one tensor lies; offsets in bytes from the begin of the group's first shard. */
export interface WeightEntry {
  readonly name: string;
  readonly encoding: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Tensors one after the other, in files that are read as one. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

/**
 * The `weightsManifest` of a `model.json`.
 *
 * @param file What errors call it.
 * @throws {EmbeddingError} `CHECKPOINT_INVALID`; `UNSUPPORTED` for a tensor of strings or complex numbers.
 */
export function parseManifest(file: string, manifest: unknown): readonly WeightGroup[] {
  if (!Array.isArray(manifest)) throw invalid(`${file}: weightsManifest`, 'a list of groups', quote(manifest));
  const groups = manifest.map((group, i) => parseGroup(file, i, group));
  refuseTwice(
    file,
    'shard',
    groups.flatMap(({ paths }) => paths),
  );
  refuseTwice(
    file,
    'tensor',
    groups.flatMap(({ weights }) => weights.map(({ name }) => name)),
  );
  return groups;
}

function parseGroup(file: string, index: number, value: unknown): WeightGroup {
  const { paths, weights } = isObject(value) ? value : {};
  if (!Array.isArray(paths) || !Array.isArray(weights)) {
    throw invalid(`${file}: group ${index}`, 'lists of paths and weights', quote(value));
  }
  for (const path of paths as unknown[]) {
    if (typeof path === 'string' && isRelativePath(path)) continue;
    throw invalid(`${file}: group ${index}`, 'a path inside the model', quote(path));
  }
  let begin = 0;
  const entries = weights.map((weight: unknown) => {
    const entry = parseWeight(file, begin, weight);
    begin = entry.end;
    return entry;
  });
  return { paths: paths as readonly string[], weights: entries };
}

function parseWeight(file: string, begin: number, value: unknown): WeightEntry {
  const { name, dtype, shape, quantization } = isObject(value) ? value : {};
  if (typeof name !== 'string') {
    throw invalid(file, 'a tensor with a name', quote(value));
  }
  const counts = sizes(shape);
  if (!counts) throw invalid(`${file}: tensor '${name}'`, 'a shape of sizes', quote(shape));
  const encoding = weightEncoding({ file, name }, dtype, quantization);
  return { name, encoding, shape: counts, begin, end: begin + byteLength(counts, encoding.size) };
}

function refuseTwice(file: string, what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalid(file, `${what} '${name}' once`, 'it twice');
    seen.add(name);
  }
}
