import {
  checkSignal,
  EmbeddingError,
  expectFunction,
  expectItems,
  expectMembers,
  expectText,
  turn,
} from '@diptych/core';
import { relativePath } from '@diptych/files';
import type { FleetData, Shard } from './job.ts';
import { archiveName, archiveSamples, isUrl, namesHash } from './shard-items.ts';

export interface ShardsOptions {
  /** The most items of a shard; default 1000. */
  readonly shardSize?: number;
  /** Told of rows of archives that are no items. */
  readonly onSkip?: (problem: EmbeddingError) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A message may have a megabyte. */
const nameBytes = 1 << 19;
const perTurn = 1000;

/**
 * A data set in pieces, without a copy of anything: names of images, or ranges of archives, which no piece crosses.
 *
 * @param paths Of images below the root, and URLs; or of archives below the root.
 * @throws {EmbeddingError} `INPUT_INVALID` for a path that leaves the root, and a name that is there twice within a shard.
 */
export async function* shardsOf(
  data: FleetData,
  paths: Iterable<string> | AsyncIterable<string>,
  options: ShardsOptions = {},
): AsyncGenerator<Shard> {
  expectData(data, 'shardsOf');
  expectItems(paths, 'shardsOf: paths');
  const { shardSize = 1000, onSkip, signal } = expectMembers(options, 'shardsOf: options');
  checkSignal(signal);
  if (onSkip !== undefined) expectFunction(onSkip, 'shardsOf: onSkip');
  if (!Number.isSafeInteger(shardSize) || shardSize < 1)
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'shardsOf: shardSize',
      expected: 'a whole number of at least 1',
      got: shardSize,
    });
  let number = 0;
  if (data.kind === 'images') {
    for await (const images of listsOf(paths, shardSize, signal)) {
      yield { shard: number++, items: images.length, names: hashOf(images), images };
    }
    return;
  }
  for await (const path of paths) {
    const archive = relativePath(path, 'shardsOf');
    for await (const { begin, names } of rangesOf(data, archive, { shardSize, onSkip, signal })) {
      yield { shard: number++, items: names.length, names: hashOf(names), archive, begin };
    }
  }
}

export function expectData(data: FleetData, where: string): void {
  const { kind, root } = expectMembers(data, where, 'kind', 'root');
  expectText(root, `${where}: root`);
  if (['images', 'parquet', 'webdataset'].includes(kind)) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: `${where}: kind`,
    expected: 'images, parquet or webdataset',
    got: kind,
  });
}

async function* listsOf(
  paths: Iterable<string> | AsyncIterable<string>,
  shardSize: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[]> {
  let list = new Set<string>();
  let bytes = 0;
  let seen = 0;
  for await (const path of paths) {
    if (++seen % perTurn === 0) await turn(signal);
    expectText(path, 'shardsOf: paths');
    const name = isUrl(path) ? path : relativePath(path, 'shardsOf');
    if (list.has(name))
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'shardsOf',
        expected: 'each image once',
        got: `'${name}' for the second time`,
      });
    const length = Buffer.byteLength(JSON.stringify(name)) + 1;
    if (list.size === shardSize || (list.size > 0 && bytes + length > nameBytes)) {
      yield [...list];
      list = new Set();
      bytes = 0;
    }
    list.add(name);
    bytes += length;
  }
  if (list.size > 0) yield [...list];
}

async function* rangesOf(
  data: FleetData,
  archive: string,
  { shardSize, ...options }: ShardsOptions & { readonly shardSize: number },
): AsyncGenerator<{ readonly begin: number; readonly names: readonly string[] }> {
  let begin = 0;
  let names: string[] = [];
  for await (const sample of archiveSamples(data, archive, options)) {
    names.push(archiveName(archive, sample));
    if (names.length < shardSize) continue;
    yield { begin, names };
    begin += names.length;
    names = [];
  }
  if (names.length > 0) yield { begin, names };
}

function hashOf(names: readonly string[]): string {
  const hash = namesHash();
  for (const name of names) hash.add(name);
  return hash.hex();
}
