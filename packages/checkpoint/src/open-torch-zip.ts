import { type Checkpoint, expectMembers } from '@diptych/core';
import type { ByteSource } from '@diptych/files';

/**
 * A file that `torch.save` or `torch.jit.save` wrote, torch 1.6 or later: `pytorch_model.bin`, `.pt`. Tensors are read
 * when asked for, row-major whatever their strides.
 *
 * Nothing in the file is executed: the pickle is read as data, and may name nothing but tensors, dictionaries and
 * TorchScript modules. A tensor is called by the dotted path to it, such as `state_dict.visual.conv1.weight`.
 *
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` for a damaged or hostile file; `UNSUPPORTED` for compressed entries,
 *   the format before torch 1.6, big-endian data and tensors expanded by stride 0.
 */
export async function openTorchZip(source: ByteSource, signal?: AbortSignal): Promise<Checkpoint> {
  expectMembers(source, 'openTorchZip: source', 'size', 'read');
  // What reads pickles comes to a page when it meets one.
  const { readTorchZip } = await import('./torch/torch-zip.ts');
  return readTorchZip(source, signal);
}
