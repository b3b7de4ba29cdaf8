import type { ArchitectureOptions } from './architecture.ts';

/** The options for weights that, packed, stand in another file than `model.safetensors`, or in a folder of the model. */
export function packedIn(path: string, { onPacked, ...options }: ArchitectureOptions): ArchitectureOptions {
  if (!onPacked) return options;
  return { ...options, onPacked: (name, tensor, file = '') => onPacked(name, tensor, path + file) };
}
