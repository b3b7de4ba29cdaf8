import type { ArchitectureOptions } from './architecture.ts';

/**
 * The options for weights that, packed, stand elsewhere than in `model.safetensors`.
 *
 * @param path Of their file, or, with a slash at its end, of the folder of a model that is part of this one.
 */
export function packedIn(path: string, { onPacked, ...options }: ArchitectureOptions): ArchitectureOptions {
  if (!onPacked) return options;
  const place = (file = 'model.safetensors') => (path.endsWith('/') ? path + file : path);
  return { ...options, onPacked: (name, tensor, file) => onPacked(name, tensor, place(file)) };
}
