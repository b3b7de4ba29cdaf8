import { EmbeddingError, quote } from '@diptych/core';
import type { Found } from './added-tokens.ts';
import { type Json, jsonArray, jsonFile, type JsonFile, jsonObject } from './config-file.ts';
import { filedTokens } from './filed-tokens.ts';
import { jsonIds } from './json-ids.ts';
import { modelType } from './json-model.ts';
import { madeAnew } from './tokenizer-classes.ts';
import { declaredToken, type SpecialToken, type TokenizerFiles } from './tokenizer-files.ts';

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
  const json = jsonFile(file, 'tokenizer.json');
  const type = modelType(json['model']);
  const isKnown = type === 'WordPiece' || type === 'BPE' || type === 'Unigram';
  if (!isKnown || jsonObject(json['model'], 'tokenizer.json, model')['vocab'] === undefined) return json;
  const made = madeOf(files, type);
  checkSides(json, read(files.tokenizerConfig), made?.paddingSide);
  const listed = jsonIds(json).added;
  const ids = vocabularyIds(json);
  if (!made) for (const { content, id } of listed) ids.set(content, id);
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
  const problem = `tokenizer.json, model: expected the ${made.model} of a ${named}, got ${type}`;
  throw new EmbeddingError('UNSUPPORTED', problem);
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
    throw new EmbeddingError('UNSUPPORTED', `tokenizer, ${field}: expected right, got ${quote(side)}`);
  }
}

function read(tokenizerConfig: JsonFile | undefined): Json {
  return tokenizerConfig === undefined ? {} : jsonFile(tokenizerConfig, 'tokenizer_config.json');
}

function vocabularyIds(json: Json): Map<string, number> {
  const vocab = jsonObject(json['model'], 'tokenizer.json, model')['vocab'];
  if (Array.isArray(vocab)) return new Map(vocab.map((entry, id) => [String(jsonArray(entry, 'vocab')[0]), id]));
  return new Map(Object.entries(jsonObject(vocab, 'tokenizer.json, model.vocab')) as [string, number][]);
}

/** A token as `tokenizer.json` writes it. */
function written({ singleWord, ...token }: Found): Json {
  return { ...token, single_word: singleWord };
}
