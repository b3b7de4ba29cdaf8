import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddingError } from '@diptych/core';
import type { Architecture } from 'diptych';

/** Every export of an ES module that is an architecture. */
export async function loadArchitectures(file: string): Promise<Architecture[]> {
  const exports = await importModule(file);
  const found = Object.values(exports).filter(isArchitecture);
  if (found.length > 0) return found;
  const names = Object.keys(exports).join(', ') || 'none';
  throw new EmbeddingError('INPUT_INVALID', {
    where: file,
    expected: 'an export with a name and a method open',
    got: `exports: ${names}`,
  });
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('INPUT_INVALID', `${file}: cannot be imported: ${why}`, { cause });
  }
}

function isArchitecture(value: unknown): value is Architecture {
  const { name, open } = (value ?? {}) as Partial<Architecture>;
  return typeof name === 'string' && typeof open === 'function';
}
