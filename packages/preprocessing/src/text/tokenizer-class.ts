import { EmbeddingError, quote } from '@diptych/core';
import type { Found } from './added-tokens.ts';
import { type Json, jsonFile, type JsonFile, jsonObject } from './config-file.ts';
import { filedTokens } from './filed-tokens.ts';
import { jsonIds } from './json-ids.ts';
import { modelType } from './json-model.ts';
import { madeAnew } from './tokenizer-classes.ts';
import {
  declaredToken,
  type SpecialToken,
  type TokenizerFiles,
  type Vocabulary,
  vocabulary,
} from './tokenizer-files.ts';
import { unigramVocabulary } from './unigram-vocabulary.ts';

const classOf: Readonly<Record<string, string>> = {
  bert: 'BertTokenizer',
  chinese_clip: 'BertTokenizer',
  clap: 'RobertaTokenizer',
  clip: 'CLIPTokenizer',
  distilbert: 'BertTokenizer',
  mpnet: 'MPNetTokenizer',
  nomic_bert: 'BertTokenizer',
  roberta: 'RobertaTokenizer',
  siglip: 'SiglipTokenizer',
  siglip2: 'Siglip2Tokenizer',
  'xlm-roberta': 'XLMRobertaTokenizer',
};

/**
 * The class of a model's tokenizer, without `Fast`: as `tokenizer_config.json` or else `config.json` names it, or as the
 * type of the model has it; empty where none of them says.
 */
export function tokenizerClass(files: TokenizerFiles): string {
  return namedClass(files) ?? withoutFast(classOf[String(modelConfig(files)['model_type'])]);
}

/** The class that a file names. */
function namedClass(files: TokenizerFiles): string | undefined {
  const named = read(files.tokenizerConfig)['tokenizer_class'] ?? modelConfig(files)['tokenizer_class'] ?? undefined;
  return named === undefined ? undefined : withoutFast(named);
}

function withoutFast(name: unknown): string {
  return typeof name === 'string' ? name.replace(/Fast$/, '') : '';
}

function modelConfig({ config }: TokenizerFiles): Json {
  return config === undefined ? {} : jsonFile(config, 'config.json');
}

/**
 * `tokenizer.json` as transformers 5 opens it beside its other files. Classes that it knows keep the vocabulary, and make
 * normaliser, pre-tokeniser and post-processor anew from the flags of `tokenizer_config.json`; what any other class
 * opens stays as the file has it, with the added tokens of all files.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a class that would make something else of the file.
 */
export function openedJson(files: TokenizerFiles, file: JsonFile): Json {
  const whole = jsonFile(file, 'tokenizer.json');
  const model = jsonObject(whole['model'], 'tokenizer.json, model');
  const type = modelType(model);
  const isKnown = type === 'WordPiece' || type === 'BPE' || type === 'Unigram';
  if (!isKnown || model['vocab'] === undefined) return whole;
  const made = madeOf(files, type);
  checkSides(whole, read(files.tokenizerConfig), made?.paddingSide);
  const { vocab, own } = readVocabulary(model);
  const json: Json = { ...whole, model: { ...model, vocab } };
  const listed = jsonIds(json).added;
  const beyond = made ? [] : listed.filter(({ content }) => !own.has(content));
  const ids = beyond.length === 0 ? own : new Map([...own, ...beyond.map(({ content, id }) => [content, id] as const)]);
  const tokens = filedTokens(files, ids, listed, made?.tokens);
  const contents = new Set(tokens.map(({ content }) => content));
  const missing = made ? [] : listed.filter(({ content }) => !contents.has(content));
  const special = (key: SpecialToken): Found => {
    const content = declaredToken(files, key)?.content ?? made?.tokens[key];
    return tokens.find((token) => token.content === content)!;
  };
  const parts = made?.parts(json, read(files.tokenizerConfig), special) ?? {};
  return { ...json, ...parts, added_tokens: [...missing, ...tokens].map(written) };
}

/** The class that makes parts anew of a model of this type. That of the network may be another; that of a file may not. */
function madeOf(files: TokenizerFiles, type: string): ReturnType<typeof madeAnew> {
  const named = namedClass(files);
  const made = madeAnew(named ?? tokenizerClass(files));
  if (!made || made.model === type) return made;
  if (named === undefined) return undefined;
  throw new EmbeddingError('UNSUPPORTED', {
    where: 'tokenizer.json, model',
    expected: `the ${made.model} of a ${named}`,
    got: type,
  });
}

/** Rows are padded and cut on the right, wherever a side is said: in the settings, else in the file, else by the class. */
function checkSides(json: Json, settings: Json, usual = 'right'): void {
  for (const [field, part, absent] of [
    ['padding_side', 'padding', usual] as const,
    ['truncation_side', 'truncation', 'right'] as const,
  ]) {
    const direction = jsonObject(json[part] ?? {}, `tokenizer.json, ${part}`)['direction'];
    const side = settings[field] ?? direction ?? absent;
    if (side === 'right' || side === 'Right') continue;
    throw new EmbeddingError('UNSUPPORTED', { where: `tokenizer, ${field}`, expected: 'right', got: quote(side) });
  }
}

function read(tokenizerConfig: JsonFile | undefined): Json {
  return tokenizerConfig === undefined ? {} : jsonFile(tokenizerConfig, 'tokenizer_config.json');
}

/** A vocabulary as it goes on in the file, read once where it is an object, and the ids of its tokens. */
function readVocabulary({ vocab }: Json): { readonly vocab: unknown; readonly own: Vocabulary } {
  if (!Array.isArray(vocab)) {
    const own = vocabulary(vocab, 'tokenizer.json, model.vocab');
    return { vocab: own, own };
  }
  return { vocab, own: unigramVocabulary(vocab, 'tokenizer.json, model.vocab').ids };
}

/** A token as `tokenizer.json` writes it. */
function written({ singleWord, ...token }: Found): Json {
  return { ...token, single_word: singleWord };
}
