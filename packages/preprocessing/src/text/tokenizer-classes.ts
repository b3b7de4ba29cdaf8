import { EmbeddingError } from '@diptych/core';
import type { Found } from './added-tokens.ts';
import { type Json, jsonArray, jsonObject } from './config-file.ts';
import type { TokenDefaults } from './filed-tokens.ts';
import type { SpecialToken } from './tokenizer-files.ts';

/** How a class of transformers 5 makes its tokenizer: vocabulary and merges are the file's, all else is its own. */
interface TokenizerClass {
  readonly model: 'WordPiece' | 'Unigram' | 'BPE';
  readonly tokens: TokenDefaults;
  /** Where rows are padded when no file says; on the right by default. */
  readonly paddingSide?: 'left';
  /** The parts of `tokenizer.json` that the class makes itself, from the flags of `tokenizer_config.json`. */
  readonly parts: (json: Json, settings: Json, special: (key: SpecialToken) => Found) => Json;
}

const bert: TokenizerClass = {
  model: 'WordPiece',
  tokens: { unk_token: '[UNK]', sep_token: '[SEP]', pad_token: '[PAD]', cls_token: '[CLS]', mask_token: '[MASK]' },
  parts: ({ model }, settings, special) => ({
    normalizer: {
      type: 'BertNormalizer',
      lowercase: flag(settings, 'do_lower_case', true),
      strip_accents: settings['strip_accents'] ?? null,
      handle_chinese_chars: flag(settings, 'tokenize_chinese_chars', true),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: { type: 'WordPiece', vocab: jsonObject(model, 'model')['vocab'], unk_token: special('unk_token').content },
    post_processor: clsToSep(special),
  }),
};

const mpnet: TokenizerClass = {
  ...bert,
  tokens: {
    bos_token: '<s>',
    eos_token: '</s>',
    unk_token: '[UNK]',
    sep_token: '</s>',
    pad_token: '<pad>',
    cls_token: '<s>',
    mask_token: '<mask>',
  },
};

const xlmRoberta: TokenizerClass = {
  model: 'Unigram',
  tokens: {
    bos_token: '<s>',
    eos_token: '</s>',
    sep_token: '</s>',
    cls_token: '<s>',
    unk_token: '<unk>',
    pad_token: '<pad>',
    mask_token: '<mask>',
  },
  parts: (json, settings, special) => ({
    ...sentencePieces(json, 3, flag(settings, 'add_prefix_space', true)),
    post_processor: frame([special('bos_token')], [special('eos_token')]),
  }),
};

/** BPE over bytes, as GPT-2 has it, in the frame of XLM-R. */
const roberta: TokenizerClass = {
  ...xlmRoberta,
  model: 'BPE',
  parts: ({ model }, settings, special) => {
    const { vocab, merges } = jsonObject(model, 'tokenizer.json, model');
    return {
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: flag(settings, 'add_prefix_space', false) },
      model: { type: 'BPE', vocab, merges },
      post_processor: clsToSep(special),
    };
  },
};

const t5: TokenizerClass = {
  model: 'Unigram',
  tokens: { eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' },
  parts: (json, _settings, special) => ({
    ...sentencePieces(json, 2, true),
    post_processor: frame([], [special('eos_token')]),
  }),
};

/** For BPE over characters, as Llama and Gemma have it; of the file's post-processor all stays. */
function characterBpe(json: Json, unknown: Found | undefined): Json {
  const { vocab, merges } = jsonObject(json['model'], 'tokenizer.json, model');
  const model = { type: 'BPE', vocab, merges, fuse_unk: true, byte_fallback: true };
  return { model: unknown ? { ...model, unk_token: unknown.content } : model };
}

const llama: TokenizerClass = {
  model: 'BPE',
  paddingSide: 'left',
  tokens: { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
  parts: (json, settings) => {
    const first = flag(settings, 'legacy', false) ? 'always' : 'first';
    const scheme = flag(settings, 'add_prefix_space', true) ? first : 'never';
    return {
      ...characterBpe(json, undefined),
      normalizer: null,
      pre_tokenizer: { type: 'Metaspace', prepend_scheme: scheme, split: false },
    };
  },
};

const gemma: TokenizerClass = {
  model: 'BPE',
  paddingSide: 'left',
  tokens: {
    bos_token: '<bos>',
    eos_token: '<eos>',
    unk_token: '<unk>',
    pad_token: '<pad>',
    mask_token: '<mask>',
  },
  parts: (json, _settings, special) => ({
    ...characterBpe(json, special('unk_token')),
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious' },
  }),
};

const siglip2: TokenizerClass = { ...gemma, paddingSide: undefined };

const classes: Readonly<Record<string, TokenizerClass>> = {
  BertTokenizer: bert,
  DistilBertTokenizer: bert,
  MobileBertTokenizer: bert,
  SqueezeBertTokenizer: bert,
  MPNetTokenizer: mpnet,
  RobertaTokenizer: roberta,
  XLMRobertaTokenizer: xlmRoberta,
  T5Tokenizer: t5,
  LlamaTokenizer: llama,
  GemmaTokenizer: gemma,
  Siglip2Tokenizer: siglip2,
};

/** Others of transformers 5.18 that make anew what a file says, each in its own way, without `Tokenizer`. */
const others = new Set(
  (
    'Albert Barthez Bart BigBird Blenderbot Camembert CodeGen CodeLlama Cohere Cpm Deberta DebertaV2 DPRContextEncoder ' +
    'DPRQuestionEncoder DPRReader Esmc Funnel GPT2 GPTNeoX Herbert Lasr LayoutLMv2 LayoutLMv3 LayoutXLM Luke MBart ' +
    'MBart50 MLuke MarkupLM Nllb Nougat OpenAIGPT Pegasus Qwen2 Qwen3_5 Reformer RemBert RoFormer ' +
    'SeamlessM4T Splinter Tipsv2 Udop VideoPrism Whisper XGLM XLNet'
  ).split(' '),
);

/**
 * The class by its name without `Fast`. Any that is not listed takes `tokenizer.json` as it stands: CLIP's tokenizer is
 * made by a function of its own.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for one that would make another tokenizer of the file.
 */
export function madeAnew(name: string): TokenizerClass | undefined {
  if (Object.hasOwn(classes, name)) return classes[name];
  if (!others.has(name.replace(/Tokenizer$/, ''))) return undefined;
  const expected = `CLIPTokenizer, PreTrainedTokenizerFast or one of ${Object.keys(classes).join(', ')}`;
  throw new EmbeddingError('UNSUPPORTED', { where: 'tokenizer_config.json, tokenizer_class', expected, got: name });
}

function flag(settings: Json, key: string, absent: boolean): boolean {
  return Boolean(settings[key] ?? absent);
}

/** XLM-R's and T5's: of the file's normaliser only SentencePiece's table stays. */
function sentencePieces(json: Json, unknownId: number, isPrefixed: boolean): Json {
  const outer =
    json['normalizer'] === undefined || json['normalizer'] === null ? {} : jsonObject(json['normalizer'], '');
  const steps = outer['type'] === 'Sequence' ? jsonArray(outer['normalizers'], 'normalizers') : [outer];
  const table = steps.find((step) => jsonObject(step, 'normalizer')['type'] === 'Precompiled');
  const scheme = isPrefixed ? 'always' : 'never';
  return {
    normalizer: table ?? null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', prepend_scheme: scheme }],
    },
    model: { type: 'Unigram', vocab: jsonObject(json['model'], 'model')['vocab'], unk_id: unknownId },
  };
}

function clsToSep(special: Parameters<TokenizerClass['parts']>[2]): Json {
  return frame([special('cls_token')], [special('sep_token')]);
}

function frame(before: readonly Found[], after: readonly Found[]): Json {
  const item = ({ content }: Found): Json => ({ SpecialToken: { id: content } });
  return {
    type: 'TemplateProcessing',
    single: [...before.map(item), { Sequence: {} }, ...after.map(item)],
    special_tokens: Object.fromEntries([...before, ...after].map(({ content, id }) => [content, { ids: [id] }])),
  };
}
