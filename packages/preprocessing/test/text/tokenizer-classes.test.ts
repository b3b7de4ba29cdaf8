import { describe, expect, it } from 'vitest';
import { parseTokenizer } from '../../src/index.ts';
import golden from '../golden/tokenizer-classes.json' with { type: 'json' };
import read from '../golden/tokenizer-classes-cases.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly base: string;
  readonly config: object;
  readonly json?: object;
  readonly model?: object;
}

const bases = read.bases as Readonly<Record<string, { readonly model: object }>>;

function files({ base, config, json, model }: Omit<Case, 'name'>) {
  const whole = bases[base]!;
  return { tokenizerJson: { ...whole, ...json, model: { ...whole.model, ...model } }, tokenizerConfig: config };
}

describe('a tokenizer.json that transformers 5.18 opens', () => {
  for (const [i, { name, ...parts }] of (read.cases as readonly Case[]).entries()) {
    it(`has the ids of ${name}`, () => {
      const tokenize = parseTokenizer(files(parts), { padding: 'longest' });
      const { texts } = golden;
      expect(texts.map((text) => [...tokenize([text]).ids])).toEqual(golden.ids[i]);
    });
  }
});

/** A SentencePiece model of eleven pieces, `▁<unk>a` among them. */
const spiece = Uint8Array.from(
  atob(
    'Cg4KBTxwYWQ+FQAAAAAYAwoNCgQ8L3M+FQAAAAAYAwoOCgU8dW5rPhUAAAAAGAIKDAoD4paBFQAAAMAYAQoKCgFhFQAAQMAYAQoNCgTiloFhFQAAg' +
      'L8YAQoSCgniloE8dW5rPmEVAACAvxgBCgoKATwVAACgwBgBCgwKA3VuaxUAAKDAGAEKCgoBPhUAAKDAGAEKCgoBYhUAAEDAGAESFxgBwAICyAL///' +
      '////////8B0AIB2AIAGhAKCGlkZW50aXR5GAEgASgB',
  ),
  (char) => char.charCodeAt(0),
);

it.each([
  [undefined, [3, 10, 4, 1, 6, 10, 1]],
  [true, [3, 10, 4, 1, 6, 10, 1]],
  [false, [3, 10, 4, 1, 4, 10, 1]],
])('SigLIP with legacy %j has the ids of transformers 5.18', (legacy, want) => {
  const tokenizerConfig = { tokenizer_class: 'SiglipTokenizer', pad_token: '<pad>', legacy };
  const tokenize = parseTokenizer({ spiece, tokenizerConfig }, { padding: 'longest' });
  expect([...tokenize(['ba</s>ab']).ids]).toEqual(want);
});

describe('a tokenizer.json', () => {
  it.each([
    ['clip', { tokenizer_class: 'GPT2Tokenizer' }, /tokenizer_class: expected .* got GPT2Tokenizer/],
    ['clip', { tokenizer_class: 'BertTokenizer' }, /model: expected the WordPiece of a BertTokenizer, got BPE/],
    ['gemma', { tokenizer_class: 'XLNetTokenizerFast' }, /got XLNetTokenizer/],
  ])('of %s is refused where the class %j would make another tokenizer of it', (base, config, message) => {
    expect(() => parseTokenizer(files({ base, config }))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(message) }),
    );
  });

  it.each([
    ['a BPE that drops merges at random', { dropout: 0.1 }, /model.dropout/],
    ['a BPE that marks what continues a word', { continuing_subword_prefix: '@@' }, /continuing_subword_prefix/],
  ])('with %s is refused', (_, model, message) => {
    const config = { tokenizer_class: 'PreTrainedTokenizerFast' };
    expect(() => parseTokenizer(files({ base: 'clip', config, model }))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(message) }),
    );
  });

  const left = { direction: 'Left' };
  it.each([
    ['padding_side', {}, { padding: left }],
    ['truncation_side', { padding_side: 'right' }, { truncation: left }],
    ['padding_side', { tokenizer_class: 'GemmaTokenizer' }, {}],
    ['padding_side', { tokenizer_class: 'LlamaTokenizer' }, { truncation: left }],
    ['truncation_side', { truncation_side: 'left' }, {}],
  ])('whose rows have their %s on the left, by %j and %j, is refused', (side, config, json) => {
    expect(() => parseTokenizer(files({ base: 'gemma', config, json }))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(side) }),
    );
  });

  it('of CLIP in another class pads as CLIP does', () => {
    const config = { tokenizer_class: 'PreTrainedTokenizerFast' };
    const tokenize = parseTokenizer(files({ base: 'clip', config, json: { normalizer: null } }));
    const { ids, mask, shape } = tokenize(['cat']);
    expect(shape).toEqual([1, 77]);
    expect([...ids.subarray(0, 4)]).toEqual([517, 513, 518, 518]);
    expect([...mask.subarray(0, 4)]).toEqual([1, 1, 1, 0]);
  });
});
