import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddingError, type StoredTensor } from '@diptych/core';
import type { Command } from 'commander';
import { type Io, write } from '../io.ts';
import { modelFolder } from '../model-folder.ts';
import { addModelOptions, type ModelOptions } from '../model-options.ts';
import { openModel } from '../open-model.ts';
import { terminalProgress } from '../progress.ts';

interface ConvertOptions extends ModelOptions {
  readonly output: string;
}

export function defineConvert(command: Command, io: Io): void {
  addModelOptions(
    command
      .summary('write a model whose weights are packed already')
      .description('Writes a folder with the weights of --dtype, packed, which opens faster than the model itself.')
      .requiredOption('--output <folder>', 'made where it is missing; its model.safetensors is replaced'),
  ).action((options: ConvertOptions) => convert(options, io));
}

async function convert(options: ConvertOptions, io: Io): Promise<void> {
  const { model, revision, dtype = 'float32', output } = options;
  const { encodeSafetensors } = await import('@diptych/checkpoint');
  const { packedNotes } = await import('@diptych/nn');
  const tensors = new Map<string, StoredTensor>();
  using space = await openModel({ ...options, dtype }, io.signal, terminalProgress(io, options.quiet), {
    onPacked: (name, tensor) => void tensors.set(name, tensor),
  });
  const from = await modelFolder(model, revision);
  if (from === undefined || resolve(from) === resolve(output)) {
    throw new EmbeddingError('INPUT_INVALID', `${output}: expected a folder other than that of a model on disk`);
  }
  await mkdir(output, { recursive: true });
  for (const file of await readdir(from)) {
    if (/\.(json|txt|model|md)$/.test(file) && !file.endsWith('.index.json')) {
      await copyFile(join(from, file), join(output, file));
    }
  }
  const bytes = encodeSafetensors(tensors, packedNotes(dtype));
  await writeFile(join(output, 'model.safetensors'), bytes);
  await write(io.stdout, `${JSON.stringify({ model: space.id, dtype, output, bytes: bytes.length })}\n`);
}
