import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddingError } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { fuzzReaders } from './fuzz-readers.ts';

const corpus = fileURLToPath(new URL('../../../../tools/fuzz/corpus', import.meta.url));

describe('what the fuzzer found to run most of a reader is read, or refused with a code', () => {
  it.each(Object.entries(fuzzReaders('')))('%s', async (name, { read }) => {
    const folder = join(corpus, name);
    const outcomes: string[] = [];
    for (const file of readdirSync(folder)) {
      const bytes = new Uint8Array(readFileSync(join(folder, file)));
      const outcome = await read(bytes).then(
        () => 'read',
        (error: unknown) => (error instanceof EmbeddingError ? 'refused' : `${file}: ${String(error)}`),
      );
      outcomes.push(outcome);
    }
    expect(outcomes).toContain('read');
    expect(outcomes.filter((outcome) => !['read', 'refused'].includes(outcome))).toEqual([]);
  });
});
