import { openSafetensors } from '@diptych/checkpoint';
import type { Checkpoint } from '@diptych/core';
import { goldenBytes } from '@diptych/golden';

/**
 * A golden safetensors file, or the arrays of it that one tower `owns`.
 *
 * @param path Relative to the reference folder, or the URL of a file in the repository.
 */
export async function openGolden(
  path: string | URL,
  owns: (name: string) => boolean = () => true,
): Promise<Checkpoint> {
  const bytes = path instanceof URL ? await ownBytes(path) : await goldenBytes(path);
  const whole = await openSafetensors({
    name: `${path}`,
    size: bytes.length,
    read: async (begin, end) => bytes.subarray(begin, end),
  });
  const names = new Set([...whole.names].filter(owns));
  return { names, shape: (name) => whole.shape(name), read: (name, signal) => whole.read(name, signal) };
}

async function ownBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
