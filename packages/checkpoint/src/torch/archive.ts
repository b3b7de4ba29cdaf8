import type { ByteSource } from '@diptych/files';
import { invalid, unsupported } from '../invalid.ts';
import { readExactly } from '../read-exactly.ts';
import type { TorchTensor } from './tensor.ts';
import { readEntries, readEntry, type ZipEntry } from './zip.ts';

/** The parts of an archive of torch: one pickle, and storages beside it. */
export interface TorchArchive {
  pickle(signal?: AbortSignal): Promise<Uint8Array>;
  /** @throws {EmbeddingError} `CHECKPOINT_INVALID` where the storage is missing or too small. */
  check(name: string, tensor: TorchTensor): void;
  /** The extent of a tensor that was checked. */
  read(tensor: TorchTensor, signal?: AbortSignal): Promise<Uint8Array>;
}

/** In bytes; the pickle of a thousand tensors takes 150 KB. */
const maxPickle = 1 << 26;
/** How a pickle of protocol 2 begins, which is how files before torch 1.6 begin. */
const legacyStart = 0x80;

export async function openArchive(source: ByteSource, signal?: AbortSignal): Promise<TorchArchive> {
  await refuseLegacy(source, signal);
  const entries = await readEntries(source, signal);
  const root = rootOf(source.name, entries);
  const pickle = entries.get(`${root}/data.pkl`)!;
  await refuseBigEndian(source, entries.get(`${root}/byteorder`), signal);
  const storage = ({ storage: key }: TorchTensor): ZipEntry | undefined => entries.get(`${root}/data/${key}`);
  return {
    async pickle(pickleSignal) {
      if (pickle.size > maxPickle) {
        throw invalid(`${source.name}: entry '${pickle.name}'`, `at most ${maxPickle} bytes`, pickle.size);
      }
      return readEntry(source, pickle, [0, pickle.size], pickleSignal);
    },
    check(name, tensor) {
      const { storage: key, dtype, offset, extent } = tensor;
      const entry = storage(tensor);
      if (!entry) throw invalid(`${source.name}: tensor '${name}'`, `a storage '${key}'`);
      const needed = (offset + extent) * dtype.size;
      if (needed > entry.size) {
        throw invalid(`${source.name}: tensor '${name}'`, `${needed} bytes in storage '${key}'`, entry.size);
      }
    },
    async read(tensor, readSignal) {
      const { dtype, offset, extent } = tensor;
      return readEntry(source, storage(tensor)!, [offset * dtype.size, (offset + extent) * dtype.size], readSignal);
    },
  };
}

async function refuseLegacy(source: ByteSource, signal?: AbortSignal): Promise<void> {
  const [first] = await readExactly(source, [0, Math.min(1, source.size)], signal);
  if (first === legacyStart) {
    throw unsupported(
      source.name,
      'a file of torch 1.6 or later',
      'one of before; load it with a later torch and save it again',
    );
  }
}

/** The one folder that everything lies in, called as the file was when it was saved. */
function rootOf(file: string, entries: ReadonlyMap<string, ZipEntry>): string {
  const roots = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [root, ...more] = roots.map((name) => name.slice(0, name.indexOf('/')));
  if (root === undefined || more.length > 0) {
    throw invalid(file, 'one data.pkl in a folder, as torch writes it', roots.length);
  }
  return root;
}

async function refuseBigEndian(source: ByteSource, entry?: ZipEntry, signal?: AbortSignal): Promise<void> {
  if (!entry) return;
  const order = new TextDecoder().decode(await readEntry(source, entry, [0, Math.min(entry.size, 16)], signal));
  if (order !== 'little') throw unsupported(source.name, 'little-endian storages', `'${order}'`);
}
