import { given } from '@diptych/golden';
import { codeOf, wrongValues } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { embeddingModel } from '../../src/adapters/ai-sdk.ts';
import { diptychFunction } from '../../src/adapters/chroma.ts';
import { registerDiptych } from '../../src/adapters/lancedb.ts';
import { DiptychEmbeddings } from '../../src/adapters/langchain.ts';
import { DiptychEmbedding } from '../../src/adapters/llamaindex.ts';

const space = { id: 'x', dim: 1, embed: () => Promise.reject(new Error('it is not asked')) };

describe('adapters refuse what is no argument with a code', () => {
  it.each([...wrongValues].filter(([, value]) => value !== undefined))('%s', async (_, value) => {
    const wrong = given(value);
    const calls = [
      () => new DiptychEmbeddings(wrong),
      () => new DiptychEmbedding(wrong),
      () => embeddingModel(wrong),
      () => new (diptychFunction())(wrong),
      () => diptychFunction(Array.isArray(value) ? wrong : given(5)),
      () => registerDiptych(given(5)),
      () => registerDiptych({}, given(5)),
      () => embeddingModel(space, given(null)),
      () => new DiptychEmbeddings(space, given(null)),
      () => new DiptychEmbedding(space, given(null)),
    ];
    for (const call of calls) expect(await codeOf(call)).toBe('INPUT_INVALID');
  });
});
