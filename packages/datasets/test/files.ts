import type { Sample } from '@diptych/datasets';
import { blobFiles, type Files } from '@diptych/files';

/** A data set in memory, called `set`. */
export function filesOf(contents: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): Files {
  return blobFiles(Object.fromEntries(Object.entries(contents).map(([path, data]) => [path, new Blob([data])])), 'set');
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The image of a sample whose file is text. */
export async function imageText(sample: Sample | undefined): Promise<string | undefined> {
  return sample && new TextDecoder().decode(await sample.image());
}
