import { defaultModel } from '../model-options.ts';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EmbeddingError, type StoredTensor, type WeightType } from '@diptych/core';
import { type Io, write } from '../io.ts';
import { modelFolder } from '../model-folder.ts';
import { openModel } from '../open-model.ts';
import { terminalProgress } from '../progress.ts';
import type { ConvertOptions } from '../commands/convert.ts';

export async function convert(options: ConvertOptions, io: Io): Promise<void> {
  const { model = defaultModel, revision, dtype = 'float32', output } = options;
  if (options.mergeTokens !== undefined) {
    const expected = 'none: a folder holds weights, and tokens are merged as it is opened';
    throw new EmbeddingError('UNSUPPORTED', { where: '--merge-tokens', expected, got: options.mergeTokens });
  }
  const read = new Set<string>();
  const packed: PackedFiles = new Map();
  using space = await openModel({ ...options, dtype }, io, terminalProgress(io, options.quiet), {
    onFile: (path) => void read.add(path),
    onPacked: (name, tensor, file = 'model.safetensors') => {
      if (!packed.has(file)) packed.set(file, new Map());
      packed.get(file)!.set(name, tensor);
    },
  });
  const from = await modelFolder(model, revision);
  if (from === undefined) {
    const got = 'none on this disk';
    throw new EmbeddingError('INPUT_INVALID', { where: model, expected: 'a folder or model of the hub', got });
  }
  if (resolve(from) === resolve(output)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: output,
      expected: 'another folder than the model',
      got: 'its own',
    });
  }
  if (packed.size === 0) {
    throw new EmbeddingError('UNSUPPORTED', { where: model, expected: 'weights that are packed', got: 'none' });
  }
  const described = [...read].filter((path) => !isReplaced(path, packed));
  const { beside } = await import('@diptych/files/node');
  const bytes = await beside(output, async (partial) => {
    await copyDescription(from, partial, { read: described, signal: io.signal });
    return writePacked(partial, packed, { dtype, signal: io.signal });
  });
  await write(io.stdout, `${JSON.stringify({ model: space.id, dtype, output, bytes })}\n`);
}

/** Arrays by name, by the path of their file. */
type PackedFiles = Map<string, Map<string, StoredTensor>>;

/** Whether a file holds weights, or their index, of a folder whose weights are written anew. */
function isReplaced(path: string, packed: PackedFiles): boolean {
  const folders = [...packed.keys()].map((file) => dirname(file));
  return /\.(safetensors|bin)(\.index\.json)?$/.test(path) && folders.includes(dirname(path));
}

interface Described {
  /** Paths in the model. */
  readonly read: readonly string[];
  readonly signal: AbortSignal;
}

/** What opening the model read beside its weights, and its card with the licence. */
async function copyDescription(from: string, output: string, { read, signal }: Described): Promise<void> {
  const { directory } = await import('@diptych/files/node');
  const card = (await readdir(from)).filter((file) => /^(README\.md|LICEN[CS]E(\.\w+)?)$/.test(file));
  for (const path of new Set([...read, ...card])) {
    const source = await directory(from).open(path, signal);
    if (!source)
      throw new EmbeddingError('NOT_FOUND', { where: join(from, path), expected: 'what was read before', got: 'none' });
    const bytes = await source.read(0, source.size, signal);
    await mkdir(dirname(join(output, path)), { recursive: true });
    await writeFile(join(output, path), bytes, { signal });
  }
}

interface PackedOptions {
  readonly dtype: WeightType;
  readonly signal: AbortSignal;
}

/** @returns How many bytes are written. */
async function writePacked(output: string, packed: PackedFiles, { dtype, signal }: PackedOptions): Promise<number> {
  const { encodeSafetensors } = await import('@diptych/checkpoint');
  const { packedNotes } = await import('@diptych/nn');
  let written = 0;
  for (const [file, tensors] of packed) {
    signal.throwIfAborted();
    const bytes = encodeSafetensors(tensors, packedNotes(dtype));
    await mkdir(dirname(join(output, file)), { recursive: true });
    await writeFile(join(output, file), bytes, { signal });
    written += bytes.length;
  }
  return written;
}
