import { type Checkpoint, isObject, quote } from '@diptych/core';
import { type ByteSource, type Files, isRelativePath } from '@diptych/files';
import { byHeader, type OpenShard } from './by-header.ts';
import { invalid } from './invalid.ts';
import { readJsonFile } from './strict-json.ts';

/**
 * A checkpoint split over files by an index, whose `weight_map` gives the file of every tensor.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` when a shard is missing, or holds other tensors than the index says.
 */
export async function openSharded(
  index: ByteSource,
  files: Files,
  openShard: OpenShard,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const shardOf = await readWeightMap(index, signal);
  const shards = new Map<string, Checkpoint>();
  for (const path of new Set(shardOf.values())) {
    const shard = await byHeader(files, path, openShard, signal);
    if (!shard) throw invalid(index.name, `a shard '${path}'`);
    checkNames(`${files.id}/${path}`, path, shard.names, shardOf);
    shards.set(path, shard);
  }
  const all = [...shards.values()];
  const holder = (name: string): Checkpoint => {
    const shard = shards.get(shardOf.get(name) ?? '');
    if (!shard) throw invalid(index.name, `a tensor '${name}'`);
    return shard;
  };
  return {
    names: new Set(shardOf.keys()),
    metadata: joinNotes(index.name, all),
    shape: (name) => holder(name).shape(name),
    read: async (name, readSignal) => holder(name).read(name, readSignal),
    ...(all.every((shard) => shard.readRange !== undefined) && {
      readRange: async (name, range, room, readSignal) => holder(name).readRange!(name, range, room, readSignal),
    }),
    fetch: async () => {
      for (const shard of all) await shard.fetch?.();
    },
  };
}

/** The notes of all shards, which may not contradict each other. */
function joinNotes(file: string, shards: readonly Checkpoint[]): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  for (const [key, value] of shards.flatMap(({ metadata }) => [...(metadata ?? [])])) {
    const other = notes.get(key);
    if (other !== undefined && other !== value)
      throw invalid(`${file}: note '${key}'`, `'${other}', as another shard has it`, `'${value}'`);
    notes.set(key, value);
  }
  return notes;
}

/** Path of the shard by the name of the tensor. */
async function readWeightMap(index: ByteSource, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const json = await readJsonFile(index, signal);
  const weightMap = isObject(json) ? json['weight_map'] : undefined;
  if (!isObject(weightMap)) throw invalid(`${index.name}: weight_map`, 'an object', quote(weightMap));
  return new Map(
    Object.entries(weightMap).map(([name, path]) => {
      if (typeof path === 'string' && isRelativePath(path)) return [name, path];
      throw invalid(`${index.name}: tensor '${name}'`, 'a path inside the model', quote(path));
    }),
  );
}

/** A shard holds what the index lists for it, no less and no more. */
function checkNames(file: string, path: string, held: ReadonlySet<string>, shardOf: ReadonlyMap<string, string>): void {
  for (const [name, shard] of shardOf) {
    if (shard === path && !held.has(name)) throw invalid(file, `a tensor '${name}', which the index lists`);
  }
  for (const name of held) {
    const shard = shardOf.get(name);
    if (shard === path) continue;
    throw invalid(file, `tensor '${name}' ${shard ? `in '${shard}'` : 'nowhere'}, as the index has it`, 'it');
  }
}
