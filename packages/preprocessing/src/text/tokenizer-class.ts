import type { Found } from './added-tokens.ts';
import { type Json, jsonArray, jsonFile, type JsonFile, jsonObject } from './config-file.ts';
import { filedTokens, type TokenDefaults } from './filed-tokens.ts';
import { modelType } from './json-model.ts';
import { addedTokens, declaredToken, type SpecialToken, type TokenizerFiles } from './tokenizer-files.ts';

/** How a class of transformers 5 makes its tokenizer: vocabulary and merges are the file's, all else is its own. */
interface TokenizerClass {
  readonly model: 'WordPiece' | 'Unigram' | 'BPE';
  readonly tokens: TokenDefaults;
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
    post_processor: frame([special('cls_token')], [special('sep_token')]),
  }),
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

const t5: TokenizerClass = {
  model: 'Unigram',
  tokens: { eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' },
  parts: (json, _settings, special) => ({
    ...sentencePieces(json, 2, true),
    post_processor: frame([], [special('eos_token')]),
  }),
};

/** Others take `tokenizer.json` as it stands: CLIP's and SigLIP2's tokenizers are made by functions of their own. */
const classes: Readonly<Record<string, TokenizerClass>> = {
  BertTokenizer: bert,
  DistilBertTokenizer: bert,
  XLMRobertaTokenizer: xlmRoberta,
  T5Tokenizer: t5,
};

const classOf: Readonly<Record<string, string>> = {
  bert: 'BertTokenizer',
  chinese_clip: 'BertTokenizer',
  clip: 'CLIPTokenizer',
  distilbert: 'BertTokenizer',
  siglip: 'SiglipTokenizer',
  siglip2: 'Siglip2Tokenizer',
  'xlm-roberta': 'XLMRobertaTokenizer',
};

/**
 * The class of a model's tokenizer, without `Fast`: as `tokenizer_config.json` or else `config.json` names it, or as the
 * type of the model has it; empty where none of them says.
 */
export function tokenizerClass({ tokenizerConfig, config }: TokenizerFiles): string {
  const model = config === undefined ? {} : jsonFile(config, 'config.json');
  const named =
    read(tokenizerConfig)['tokenizer_class'] ?? model['tokenizer_class'] ?? classOf[String(model['model_type'])];
  return typeof named === 'string' ? named.replace(/Fast$/, '') : '';
}

/**
 * `tokenizer.json` as transformers 5 opens it beside its other files. Classes that it knows keep the vocabulary, and make
 * normaliser, pre-tokeniser and post-processor anew from the flags of `tokenizer_config.json`; what any other class
 * opens stays as the file has it, with the added tokens of all files.
 */
export function openedJson(files: TokenizerFiles, file: JsonFile): Json {
  const json = jsonFile(file, 'tokenizer.json');
  const known = classes[tokenizerClass(files)];
  const type = modelType(json['model']);
  const isKnown = type === 'WordPiece' || type === 'BPE' || type === 'Unigram';
  if (!isKnown || jsonObject(json['model'], 'tokenizer.json, model')['vocab'] === undefined) return json;
  const made = known?.model === type ? known : undefined;
  const listed = addedTokens(json);
  const ids = vocabularyIds(json);
  if (!made) for (const { content, id } of listed) ids.set(content, id);
  const tokens = filedTokens(files, ids, listed, made?.tokens);
  const missing = made ? [] : listed.filter(({ content }) => tokens.every((token) => token.content !== content));
  const special = (key: SpecialToken): Found => {
    const content = declaredToken(files, key)?.content ?? made?.tokens[key];
    return tokens.find((token) => token.content === content)!;
  };
  const parts = made?.parts(json, read(files.tokenizerConfig), special) ?? {};
  return { ...json, ...parts, added_tokens: [...missing, ...tokens].map(written) };
}

function read(tokenizerConfig: JsonFile | undefined): Json {
  return tokenizerConfig === undefined ? {} : jsonFile(tokenizerConfig, 'tokenizer_config.json');
}

function flag(settings: Json, key: string, absent: boolean): boolean {
  return Boolean(settings[key] ?? absent);
}

function vocabularyIds(json: Json): Map<string, number> {
  const vocab = jsonObject(json['model'], 'tokenizer.json, model')['vocab'];
  if (Array.isArray(vocab)) return new Map(vocab.map((entry, id) => [String(jsonArray(entry, 'vocab')[0]), id]));
  return new Map(Object.entries(jsonObject(vocab, 'tokenizer.json, model.vocab')) as [string, number][]);
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

function frame(before: readonly Found[], after: readonly Found[]): Json {
  const item = ({ content }: Found): Json => ({ SpecialToken: { id: content } });
  return {
    type: 'TemplateProcessing',
    single: [...before.map(item), { Sequence: {} }, ...after.map(item)],
    special_tokens: Object.fromEntries([...before, ...after].map(({ content, id }) => [content, { ids: [id] }])),
  };
}

/** A token as `tokenizer.json` writes it. */
function written({ singleWord, ...token }: Found): Json {
  return { ...token, single_word: singleWord };
}
