import { describe } from 'vitest';

/** Absolute path of the folder with the reference values, empty where it is missing. Set by `vitest.shared.ts`. */
declare const __SHARED__: string;

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** Absolute path of a reference file, for code that opens paths itself (Node). */
export function goldenPath(path: string): string {
  return `${__SHARED__}/${path}`;
}

/** Bytes of a reference file, `path` relative to the reference folder, as `oracles/layers.safetensors`. */
export async function goldenBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  if (inNode) {
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(await readFile(goldenPath(path)));
  }
  // Vite takes a name without a dot for a module, unless a slash ends it.
  const end = /\.[^/]*$/.test(path) ? '' : '/';
  const response = await fetch(`/@fs${goldenPath(path)}${end}`);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function goldenText(path: string): Promise<string> {
  return new TextDecoder().decode(await goldenBytes(path));
}

/** A reference file as JSON. The caller names its shape. */
export async function goldenJson<T>(path: string): Promise<T> {
  return JSON.parse(await goldenText(path)) as T;
}

/** `describe` that is skipped, and says so, where the reference folder is missing. CI fails before it gets here. */
export function describeGolden(name: string, body: () => void): void {
  if (__SHARED__) describe(name, body);
  else describe.skip(`${name} (skipped: no reference values at ../shared)`, body);
}
