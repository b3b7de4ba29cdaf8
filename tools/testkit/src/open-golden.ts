import { openSafetensors } from '@diptych/checkpoint';
import type { Checkpoint } from '@diptych/core';
import { goldenBytes } from '@diptych/golden';

/** A golden safetensors file, or the arrays of it that one tower `owns`. */
export async function openGolden(path: string, owns: (name: string) => boolean = () => true): Promise<Checkpoint> {
  const bytes = await goldenBytes(path);
  const whole = await openSafetensors({
    name: path,
    size: bytes.length,
    read: async (begin, end) => bytes.subarray(begin, end),
  });
  const names = new Set([...whole.names].filter(owns));
  return { names, shape: (name) => whole.shape(name), read: (name, signal) => whole.read(name, signal) };
}
