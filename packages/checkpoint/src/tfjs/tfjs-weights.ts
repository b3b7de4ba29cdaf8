import { type Checkpoint, EmbeddingError, expectMembers, isObject } from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';
import { ownBuffer } from '../dtype.ts';
import { invalid } from '../invalid.ts';
import { readJsonFile } from '../strict-json.ts';
import { readExactly } from '../read-exactly.ts';
import { joinedSource } from './joined-source.ts';
import { parseManifest, type WeightEntry, type WeightGroup } from './weights-manifest.ts';

/**
 * The weights of a TensorFlow.js model, layers or graph: `model.json` and the shards its `weightsManifest` lists. Each
 * tensor is read when asked for, of the shards it lies in only its part. Quantised tensors arrive as what they stand for.
 *
 * Strict: every shard is there, and those of a group are as long together as its tensors.
 *
 * @throws {EmbeddingError} `NOT_FOUND` without a `model.json`, `UNSUPPORTED` for tensors of strings or complex numbers,
 *   `CHECKPOINT_INVALID` for anything else that breaks the format, naming the file and the tensor.
 */
export async function openTfjsWeights(files: Files, signal?: AbortSignal): Promise<Checkpoint> {
  expectMembers(files, 'openTfjsWeights: files', 'open');
  const file = await files.open('model.json', signal);
  if (!file) throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: 'model.json', got: 'none' });
  const json = await readJsonFile(file, signal);
  const groups = parseManifest(file.name, isObject(json) ? json['weightsManifest'] : undefined);
  const shards = await Promise.all(groups.map((group) => openGroup(file.name, files, group, signal)));
  const places = new Map(
    groups.flatMap(({ weights }, i) => weights.map((entry) => [entry.name, { entry, source: shards[i]! }] as const)),
  );
  const place = (name: string): Place => {
    const found = places.get(name);
    if (!found) throw invalid(file.name, `a tensor '${name}'`);
    return found;
  };
  return {
    names: new Set(places.keys()),
    shape: (name) => place(name).entry.shape,
    async read(name, readSignal) {
      const { entry, source } = place(name);
      const bytes = await readExactly(source, [entry.begin, entry.end], readSignal);
      return { shape: entry.shape, data: entry.encoding.decode(ownBuffer(bytes)) };
    },
  };
}

interface Place {
  readonly entry: WeightEntry;
  readonly source: ByteSource;
}

async function openGroup(
  file: string,
  files: Files,
  { paths, weights }: WeightGroup,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const shards = await Promise.all(
    paths.map(async (path) => {
      const shard = await files.open(path, signal);
      if (shard) return shard;
      throw invalid(file, `a shard '${path}'${weights[0] ? ` of tensor '${weights[0].name}'` : ''}`);
    }),
  );
  const source = joinedSource(shards);
  const found = `${source.size} bytes in '${paths.join("', '")}'`;
  const beyond = weights.find(({ end }) => end > source.size);
  if (beyond) throw invalid(`${file}: tensor '${beyond.name}'`, `data up to byte ${beyond.end}`, found);
  const covered = weights.at(-1)?.end ?? 0;
  if (covered < source.size) throw invalid(file, `${covered} bytes`, `${found}: the rest is no tensor's`);
  return source;
}
