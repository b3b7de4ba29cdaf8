import { describeGolden, goldenJson, goldenText } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { bertTokenizer } from '../../src/index.ts';
import { rows } from './rows.ts';

const tiny = 'oracles/tiny_bert';
const vocabText = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\n##s\nΣ\nσ\n';

interface Case {
  readonly text: string;
  readonly ids: readonly number[];
  readonly text_pair?: string;
}

describeGolden('BERT tokenizer, reference ids', () => {
  it('equals transformers on the oracle, from vocab.txt and from tokenizer.json', async () => {
    const { cases } = await goldenJson<{ cases: Case[] }>('oracles/tokenizers/wordpiece_cases.json');
    for (const files of [
      { vocabText: await goldenText(`${tiny}/vocab.txt`) },
      { tokenizerJson: await goldenText(`${tiny}/tokenizer.json`) },
    ]) {
      expect(rows(bertTokenizer(files)(cases.map(({ text }) => text)))).toEqual(cases.map(({ ids }) => ids));
    }
  });

  it('pads a batch as sentence-transformers does', async () => {
    const { texts, tokens } = await goldenJson<{ texts: string[]; tokens: string[][] }>(`${tiny}/texts.json`);
    const vocab = (await goldenText(`${tiny}/vocab.txt`)).split('\n');
    const tokenizerConfig = await goldenText(`${tiny}/tokenizer_config.json`);
    const { ids, mask, shape } = bertTokenizer({ vocabText: vocab.join('\n'), tokenizerConfig })(texts);
    expect(shape).toEqual([tokens.length, tokens[0]!.length]);
    expect(Array.from(ids, (id) => vocab[id])).toEqual(tokens.flat());
    expect([...mask]).toEqual(tokens.flat().map((token) => (token === '[PAD]' ? 0 : 1)));
  });

  it('equals another project on its cases of single texts, with the real vocabulary', async () => {
    // The other models of this file come without their vocabularies.
    type Models = Readonly<Record<string, Readonly<Record<string, Case>>>>;
    const models = await goldenJson<Models>('golden/tokenizers/transformersjs-bert.json');
    const cases = Object.values(models['Xenova/bert-base-uncased']!).filter((c) => c.text_pair === undefined);
    expect(cases.length).toBe(29);
    const encode = bertTokenizer({ vocabText: await goldenText('tokenizers/bert/vocab.txt') });
    expect(rows(encode(cases.map(({ text }) => text)))).toEqual(cases.map(({ ids }) => ids));
  });
});

describe('BERT tokenizer', () => {
  it('keeps [SEP] when it truncates, and pads to the longest', () => {
    const encode = bertTokenizer({ vocabText }, { contextLength: 4 });
    expect(rows(encode(['a dogs dog', 'a']))).toEqual([
      [2, 5, 6, 3],
      [2, 5, 3],
    ]);
    expect(encode(['a']).shape).toEqual([1, 3]);
    expect(bertTokenizer({ vocabText }, { padding: 'max_length', padId: 9 })(['a']).ids.at(-1)).toBe(9);
  });

  it('follows the flags of tokenizer_config.json', () => {
    const cased = bertTokenizer({ vocabText, tokenizerConfig: { do_lower_case: false } });
    expect(rows(cased(['Dog dog Σ']))).toEqual([[2, 1, 6, 8, 3]]);
    expect(rows(bertTokenizer({ vocabText })(['Dog dog Σ']))).toEqual([[2, 6, 6, 9, 3]]);
  });

  it('refuses a vocabulary without its special tokens', () => {
    expect(() => bertTokenizer({ vocabText: '[PAD]\n[UNK]\n[CLS]\na' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/vocab.txt: .*'\[SEP\]'/) }),
    );
    expect(() => bertTokenizer({})).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => bertTokenizer({ vocabText }, { contextLength: 1 })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});
