import type { Checkpoint, StoredTensor } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { ownBuffer } from '../dtype.ts';
import { invalid } from '../invalid.ts';
import { openArchive, type TorchArchive } from './archive.ts';
import { isAllowed } from './globals.ts';
import { tensorsByPath } from './state-dict.ts';
import { isRowMajor, toRowMajor } from './strides.ts';
import { parseTensor, type TorchTensor } from './tensor.ts';
import { unpickle } from './unpickle.ts';

/** What `openTorchZip` gives. */
export async function readTorchZip(source: ByteSource, signal?: AbortSignal): Promise<Checkpoint> {
  const archive = await openArchive(source, signal);
  const root = unpickle(source.name, await archive.pickle(signal), isAllowed);
  const tensors = new Map<string, TorchTensor>();
  for (const [name, call] of tensorsByPath(source.name, root)) {
    const tensor = parseTensor(source.name, name, call);
    archive.check(name, tensor);
    tensors.set(name, tensor);
  }
  const tensorOf = (name: string): TorchTensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw invalid(source.name, `a tensor '${name}'`);
    return tensor;
  };
  return {
    names: new Set(tensors.keys()),
    shape: (name) => tensorOf(name).shape,
    read: async (name, readSignal) => readTensor(archive, tensorOf(name), readSignal),
  };
}

async function readTensor(archive: TorchArchive, tensor: TorchTensor, signal?: AbortSignal): Promise<StoredTensor> {
  const { dtype, shape, strides } = tensor;
  const values = dtype.decode(ownBuffer(await archive.read(tensor, signal)));
  return { shape, data: isRowMajor(shape, strides) ? values : toRowMajor(values, shape, strides) };
}
