import type { TokenEmbeddings } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, given, goldenBytes, goldenJson } from '@diptych/golden';
import { maxSim } from '@diptych/retrieval';
import {
  codeOf,
  describeBackends,
  expectClose,
  expectNoLeak,
  numbers,
  readTensors,
  wrongValues,
} from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open, openColbert } from '../src/index.ts';

const own = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
const st = [...own, 'modules.json', 'config_sentence_transformers.json', 'sentence_bert_config.json'];
const dense = ['1_Dense/config.json', '1_Dense/model.safetensors'];
const kinds: Readonly<Record<string, readonly string[]>> = {
  stanford: [...own, 'artifact.metadata'],
  pylate: [...st, ...dense],
  pylate_attend: [...st, ...dense],
  st6: [...st, ...dense, '2_MultiVectorMask/config.json'],
};

type Changed = Readonly<Record<string, object>>;

/** A folder of the oracle, with fields of some files changed. */
async function folder(kind: string, changed: Changed = {}, left: readonly string[] = []): Promise<Files> {
  const names = kinds[kind]!.filter((name) => !left.includes(name));
  const blobs = names.map(async (name) => {
    const path = `oracles2/colbert/${kind}/${name}`;
    const parts = changed[name]
      ? JSON.stringify({ ...(await goldenJson<object>(path)), ...changed[name] })
      : await goldenBytes(path);
    return [name, new Blob([parts])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), kind);
}

const expected = async () => readTensors('oracles2/colbert/expected.safetensors');
const texts = async () => goldenJson<{ queries: string[]; documents: string[] }>('oracles2/colbert/texts.json');

/** Both sides of a model. */
async function sides(files: Files, backend?: 'cpu') {
  using colbert = await openColbert(files, { ...(backend && { backend }) });
  const { queries, documents } = await texts();
  return {
    dim: colbert.dim,
    queries: await colbert.embed('query', queries),
    documents: await colbert.embed('document', documents, { batchSize: 2 }),
  };
}

/** Rows of the oracle, which are padded to the longest text, less that padding. */
async function wanted(kind: string, side: string) {
  const tensors = await expected();
  const [all, lengths] = [numbers(tensors, `${kind}.${side}_embeddings`), numbers(tensors, `${kind}.${side}_lengths`)];
  const whole = all.length / lengths.length;
  return [...lengths].flatMap((length, i) => all.slice(i * whole, i * whole + length * 128));
}

describeGolden('ColBERT', () => {
  describeBackends('against its reference', () => {
    it.each([
      ['stanford', 'stanford', 'stanford'],
      ['pylate', 'stanford', 'pylate'],
      ['pylate_attend', 'pylate_attend', 'pylate_attend'],
      ['st6', 'stanford', 'stanford'],
    ])('%s gives its rows and scores', async (kind, rows, scores) => {
      await expectNoLeak(async () => {
        const { dim, queries, documents } = await sides(await folder(kind));
        expect(dim).toBe(128);
        expectClose(queries.data, await wanted(rows, 'query'), 1e-5);
        expectClose(documents.data, await wanted(rows, 'document'), 1e-5);
        const tensors = await expected();
        const lengths = [...numbers(tensors, `${scores}.document_lengths`)];
        expect([...documents.offsets]).toEqual([
          0,
          ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b)),
        ]);
        expectClose(Float32Array.from(maxSim(queries, documents)), numbers(tensors, `${scores}.maxsim`), 1e-5);
      });
    });
  });

  it.each<[string, Changed]>([
    ['pylate', { 'config_sentence_transformers.json': { attend_to_expansion_tokens: true } }],
    ['pylate', { 'config_sentence_transformers.json': { query_length: 17 } }],
    ['pylate', { 'config_sentence_transformers.json': { document_length: 23 } }],
    ['pylate', { 'config_sentence_transformers.json': { query_prefix: '[unused1]' } }],
    ['pylate', { 'config_sentence_transformers.json': { document_prefix: '[unused0]' } }],
    ['pylate', { 'config_sentence_transformers.json': { skiplist_words: [] } }],
    ['stanford', { 'artifact.metadata': { mask_punctuation: false } }],
    ['stanford', { 'artifact.metadata': { attend_to_mask_tokens: true } }],
    ['st6', { '2_MultiVectorMask/config.json': { skiplist_words: ['.'] } }],
  ])('%s would differ with %j', async (kind, changed) => {
    const { queries, documents } = await sides(await folder(kind, changed), 'cpu');
    const right = numbers(await expected(), `stanford.maxsim`);
    const scores = maxSim(queries, documents);
    expect(Math.max(...scores.map((score, i) => Math.abs(score - right[i]!)))).toBeGreaterThan(1e-3);
  });

  it.each<[string, string, Changed]>([
    ['UNSUPPORTED', 'stanford', { 'artifact.metadata': { similarity: 'l2' } }],
    ['UNSUPPORTED', 'stanford', { 'config.json': { model_type: 'xmod' } }],
    ['CHECKPOINT_MISMATCH', 'stanford', { 'artifact.metadata': { dim: 96 } }],
    ['CONFIG_INVALID', 'stanford', { 'artifact.metadata': { query_maxlen: 0 } }],
    ['CONFIG_INVALID', 'stanford', { 'artifact.metadata': { query_maxlen: 49 } }],
    ['UNSUPPORTED', 'pylate', { 'config_sentence_transformers.json': { model_type: 'SentenceTransformer' } }],
    ['UNSUPPORTED', 'pylate', { 'config_sentence_transformers.json': { do_query_expansion: false } }],
    ['CONFIG_INVALID', 'pylate', { 'config_sentence_transformers.json': { skiplist_words: [1] } }],
    ['UNSUPPORTED', 'pylate', { '1_Dense/config.json': { module_input_name: 'sentence_embedding' } }],
    ['CHECKPOINT_MISMATCH', 'pylate', { '1_Dense/config.json': { bias: true } }],
    ['CONFIG_INVALID', 'pylate', { '1_Dense/config.json': { in_features: 31 } }],
    ['UNSUPPORTED', 'st6', { 'sentence_bert_config.json': { query_expansion: { strategy: 'none', length: 16 } } }],
    ['UNSUPPORTED', 'st6', { '2_MultiVectorMask/config.json': { skiplist_tasks: ['query'] } }],
    ['UNSUPPORTED', 'st6', { '2_MultiVectorMask/config.json': { keep_only_token_ids: [1] } }],
  ])('%s: %s with %j', async (code, kind, changed) => {
    await expect(openColbert(await folder(kind, changed), { backend: 'cpu' })).rejects.toMatchObject({ code });
  });

  it('keeps rows in 8 bits, tells its progress, hears a signal, and ends', async () => {
    const colbert = await openColbert(await folder('stanford'), { backend: 'cpu', id: 'mine' });
    const { documents } = await texts();
    const told: number[] = [];
    const whole = await colbert.embed('document', documents, { batchSize: 2, onProgress: (done) => told.push(done) });
    expect([whole.model, told]).toEqual(['mine', [2, 4, 5]]);
    const small: TokenEmbeddings<'int8'> = await colbert.embed('document', documents, { precision: 'int8' });
    expect([small.precision, small.offsets, small.scales!.length]).toEqual(['int8', whole.offsets, whole.shape[0]]);
    expect((await colbert.embed('query', [])).offsets).toEqual(Uint32Array.of(0));
    expect((await colbert.embed('query', 'x')).shape).toEqual([16, 128]);
    const reason = new Error('enough');
    await expect(colbert.embed('query', documents, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    colbert[Symbol.dispose]();
    colbert[Symbol.dispose]();
    await expect(colbert.embed('query', documents)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('of another vocabulary file is the same', async () => {
    const left = await folder('stanford', {}, ['tokenizer.json']);
    const vocab = new Blob([await goldenBytes('oracles2/colbert/stanford/vocab.txt')]);
    const files: Files = {
      id: 'text',
      open: async (path, signal) =>
        path === 'vocab.txt' ? blobFiles({ 'vocab.txt': vocab }, 'text').open(path, signal) : left.open(path, signal),
    };
    const { documents } = await sides(files, 'cpu');
    expectClose(documents.data, await wanted('stanford', 'document'), 1e-5);
  });

  it.each([...wrongValues])('refuses %s', async (_, value) => {
    using colbert = await openColbert(await folder('stanford'), { backend: 'cpu' });
    const wrongly = given(value);
    const batchSize = given(typeof value === 'number' ? 0.5 : value);
    const calls = [
      () => colbert.embed(wrongly, ['a']),
      ...(Array.isArray(value) ? [] : [() => colbert.embed('query', wrongly)]),
      ...(value === undefined
        ? []
        : [
            () => colbert.embed('query', ['a'], { precision: wrongly }),
            () => colbert.embed('query', ['a'], { batchSize }),
          ]),
    ];
    const codes = await Promise.all(calls.map(async (call) => codeOf(call)));
    expect(codes).toEqual(calls.map(() => 'INPUT_INVALID'));
  });

  it.each(['pylate', 'st6', 'stanford'] as const)('%s is not opened as one vector for a text', async (kind) => {
    const refused = { code: 'UNSUPPORTED', cure: 'openColbert opens models of late interaction' };
    await expect(open(await folder(kind), { backend: 'cpu' })).rejects.toMatchObject(refused);
  });
});
