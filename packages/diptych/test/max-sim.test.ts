import { searchKernels } from '@diptych/backend-wasm/search';
import { quantize, type TokenEmbeddings } from '@diptych/core';
import { describeGolden } from '@diptych/golden';
import { maxSim } from '@diptych/retrieval';
import { expectClose, numbers, readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';

/** Rows of the oracle without the padding behind each text. */
async function texts(kind: string, side: string): Promise<TokenEmbeddings> {
  const tensors = await readTensors('oracles2/colbert/expected.safetensors');
  const [all, lengths] = [numbers(tensors, `${kind}.${side}_embeddings`), numbers(tensors, `${kind}.${side}_lengths`)];
  const [dim, longest] = [128, all.length / 128 / lengths.length];
  const data = [...lengths].flatMap((length, i) => all.slice(i * longest * dim, (i * longest + length) * dim));
  const ends = [...lengths].map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0));
  const shape = [data.length / dim, dim] as const;
  return {
    precision: 'float32',
    data: Float32Array.from(data),
    shape,
    model: kind,
    offsets: Uint32Array.of(0, ...ends),
  };
}

const int8 = (of: TokenEmbeddings): TokenEmbeddings<'int8'> => ({ ...quantize(of, 'int8'), offsets: of.offsets });

describeGolden("ColBERT's scores of its own rows", () => {
  it.each(['stanford', 'pylate_attend'])('%s', async (kind) => {
    const [queries, documents] = [await texts(kind, 'query'), await texts(kind, 'document')];
    const wanted = numbers(await readTensors('oracles2/colbert/expected.safetensors'), `${kind}.maxsim`);
    const scores = maxSim(queries, documents);
    expectClose(Float32Array.from(scores), wanted, 1e-5);
    const kernels = (await searchKernels())!;
    expect(maxSim(queries, documents, { kernel: kernels.float32 })).toEqual(scores);
    const steps = maxSim(int8(queries), int8(documents));
    expectClose(Float32Array.from(steps), wanted, 0.1);
    expect(maxSim(int8(queries), int8(documents), { kernel: kernels.int8 })).toEqual(steps);
  });
});
