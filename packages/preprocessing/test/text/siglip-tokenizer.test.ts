import { atOnce } from '@diptych/core';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { expect, it } from 'vitest';
import { siglipTokenizer } from '../../src/index.ts';
import { spieceEncoder } from '../../src/text/spiece-encoder.ts';
import { spieceModel } from '../../src/text/spiece-model.ts';
import { spieceNormalizer } from '../../src/text/spiece-normalizer.ts';
import { rows } from './rows.ts';

const folder = 'oracles/tokenizers/tiny_siglip_spm';
const loadSpiece = (): Promise<Uint8Array> => goldenBytes(`${folder}/spiece.model`);

interface Oracle {
  readonly pieces: readonly { readonly piece: string; readonly score: number; readonly control: boolean }[];
  readonly cases: readonly {
    readonly text: string;
    readonly canonical_open_clip: string;
    readonly spm_ids_of_canonical: readonly number[];
    readonly hf_siglip_ids_padded16: readonly number[];
  }[];
}

/** The `tokenizer.json` that says the same as a `spiece.model` and its cleaning. */
function asJson(spiece: Uint8Array): object {
  const { pieces, charsmap } = spieceModel(spiece);
  const replace = (Regex: string, content: string): object => ({ type: 'Replace', pattern: { Regex }, content });
  return {
    added_tokens: [{ id: 1, content: '</s>' }],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Lowercase' },
        replace(String.raw`[!"\#\$%\&'\(\)\*\+,\-\./:;<=>\?@\[\\\]\^_\`\{\|\}\~]`, ''),
        replace(String.raw`\s+`, ' '),
        { type: 'Strip', strip_left: true, strip_right: true },
        { type: 'Precompiled', precompiled_charsmap: btoa(binary(charsmap)) },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A' } }, { SpecialToken: { id: '</s>' } }],
      special_tokens: { '</s>': { ids: [1] } },
    },
    model: { type: 'Unigram', unk_id: 2, vocab: pieces.map(({ text, score }) => [text, score]) },
  };
}

function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

describeGolden('SigLIP tokenizer', () => {
  it('reads pieces, scores and types', async () => {
    const { pieces } = await goldenJson<Oracle>(`${folder}/cases.json`);
    const read = spieceModel(await loadSpiece()).pieces;
    expect(read.map(({ text }) => text)).toEqual(pieces.map(({ piece }) => piece));
    expect(read.map(({ score }) => score)).toEqual(pieces.map(({ score }) => score));
    expect(read.map(({ type }) => type === 'control')).toEqual(pieces.map(({ control }) => control));
  });

  it('equals transformers, from spiece.model and from tokenizer.json', async () => {
    const { cases } = await goldenJson<Oracle>(`${folder}/cases.json`);
    const spiece = await loadSpiece();
    for (const files of [{ spiece }, { tokenizerJson: asJson(spiece) }]) {
      const { ids, shape } = siglipTokenizer(files, { contextLength: 16 })(cases.map(({ text }) => text));
      expect(shape).toEqual([cases.length, 16]);
      expect([...ids]).toEqual(cases.flatMap((c) => c.hf_siglip_ids_padded16));
    }
  });

  it('equals SentencePiece after the cleaning of open_clip', async () => {
    const { cases } = await goldenJson<Oracle>(`${folder}/cases.json`);
    const encode = siglipTokenizer({ spiece: await loadSpiece() }, { clean: 'open_clip' });
    expect(rows(encode(cases.map(({ text }) => text)))).toEqual(cases.map((c) => [...c.spm_ids_of_canonical, 1]));
  });

  it('pads to 64, ends every row with </s>, and finds it spelled out', async () => {
    const encode = siglipTokenizer({ spiece: await loadSpiece() });
    const { ids, mask, shape } = encode(['dog '.repeat(100), 'dog </s> dog']);
    expect(shape).toEqual([2, 64]);
    expect([...ids]).toEqual([...Array<number>(63).fill(21), 1, 21, 1, 15, 14, 66, ...Array<number>(59).fill(1)]);
    expect(mask.indexOf(0)).toBe(64 + 6);
    const padded = siglipTokenizer({ spiece: await loadSpiece(), specialTokensMap: { pad_token: '<pad>' } });
    expect(padded(['dog']).ids.at(-1)).toBe(0);
  });

  it('equals transformers where spaces, marks and special tokens meet', async () => {
    const encode = siglipTokenizer({ spiece: await loadSpiece() });
    const texts = ['dog </s>', ' dog', '▁ dog', '</s>dog', 'a\u001cdog', '', ' ', 'dog<unk>dog'];
    const dog = [15, 14, 66];
    const want = [[21, 1], [21, 1], [21, 1], [1, ...dog, 1], [4, 21, 1], [1], [1], [21, 2, ...dog, 1]];
    expect(rows(encode(texts))).toEqual(want);
  });

  it('equals the original library, version 0.2, where only the rounding of scores decides', async () => {
    const model = spieceModel(await loadSpiece());
    const [steps, normalize] = [spieceEncoder(model), spieceNormalizer(model)];
    const idsOf = (text: string) => atOnce(steps(normalize(text)));
    expect(idsOf('heee')).toEqual([3, 50, 7, 63]);
    expect(idsOf('eee')).toEqual([3, 7, 63]);
    expect(idsOf('eeee')).toEqual([3, 63, 63]);
    expect(idsOf('running heee')).toEqual([24, 38, 11, 20, 3, 50, 7, 63]);
  });

  it('keeps a mark behind a ligature as the original library does, and loses it as that of Hugging Face does', async () => {
    const spiece = await loadSpiece();
    const want = [3, 65, 17];
    expect(rows(siglipTokenizer({ spiece })(['ﬁ\u030athe']))).toEqual([[...want, 2, 67, 1]]);
    expect(rows(siglipTokenizer({ tokenizerJson: asJson(spiece) })(['ﬁ\u030athe']))).toEqual([[...want, 67, 1]]);
  });

  it('takes a megabyte in linear time', async () => {
    const encode = siglipTokenizer({ spiece: await loadSpiece() });
    const began = performance.now();
    for (const text of ['e'.repeat(1e6), 'a dog '.repeat(2e5), '日'.repeat(5e5)])
      expect(encode([text]).shape).toEqual([1, 64]);
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});
