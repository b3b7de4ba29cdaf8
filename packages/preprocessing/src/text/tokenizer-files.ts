import { expectMembers } from '@diptych/core';
import { type AddedToken, addedToken } from './added-tokens.ts';
import { integer, type Json, jsonFile, type JsonFile, isTokenId, jsonObject, tokenId } from './config-file.ts';

/**
 * Contents of a model's tokenizer files. Give those that the model has; JSON as text or as parsed. Reading them from
 * disk or network is the caller's.
 */
export interface TokenizerFiles {
  /** `tokenizer.json` */
  readonly tokenizerJson?: JsonFile;
  /** `tokenizer_config.json` */
  readonly tokenizerConfig?: JsonFile;
  /** `special_tokens_map.json` */
  readonly specialTokensMap?: JsonFile;
  /** `added_tokens.json` */
  readonly addedTokens?: JsonFile;
  /** `config.json` of the model: its type tells the class of a tokenizer that `tokenizer_config.json` does not name. */
  readonly config?: JsonFile;
  /** `vocab.json` */
  readonly vocab?: JsonFile;
  /** `merges.txt` */
  readonly merges?: string;
  /** `bpe_simple_vocab_16e6.txt`, unzipped: the file of OpenAI and open_clip. */
  readonly bpe?: string;
  /** `vocab.txt`: one token a line. */
  readonly vocabText?: string;
  /** `spiece.model` */
  readonly spiece?: Uint8Array;
}

const jsonNames = {
  tokenizerJson: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  specialTokensMap: 'special_tokens_map.json',
  addedTokens: 'added_tokens.json',
  config: 'config.json',
  vocab: 'vocab.json',
} as const;

/** The same files, each JSON parsed once. @throws {EmbeddingError} `CONFIG_INVALID` for one that is no object. */
export function parsedFiles(files: TokenizerFiles): TokenizerFiles {
  const given = Object.entries(jsonNames).flatMap(([key, name]) => {
    const file = files[key as keyof typeof jsonNames];
    return file === undefined ? [] : [[key, jsonFile(file, name)] as const];
  });
  return { ...files, ...Object.fromEntries(given) };
}

export type Vocabulary = ReadonlyMap<string, number>;

/** Ids by token, from `vocab.json` or the same object inside `tokenizer.json`; one that was read already is itself. */
export function vocabulary(value: unknown, where: string): Vocabulary {
  if (value instanceof Map) return value as Vocabulary;
  const json = jsonObject(value, where);
  const ids = new Map<string, number>();
  for (const token of Object.keys(json)) {
    const id = json[token];
    ids.set(token, isTokenId(id) ? id : tokenId(id, `${where}, token '${token.slice(0, 80)}'`));
  }
  return ids;
}

/** All ids are below. */
export function idsEnd(vocab: Vocabulary): number {
  let end = 0;
  for (const id of vocab.values()) end = Math.max(end, id + 1);
  return end;
}

export const specialTokens = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const;
export type SpecialToken = (typeof specialTokens)[number];

/**
 * A special token as `special_tokens_map.json` or else `tokenizer_config.json` declares it; beside an
 * `added_tokens_decoder` the first does not count.
 */
export function declaredToken(files: TokenizerFiles, key: SpecialToken): AddedToken | undefined {
  for (const [name, file] of sideFiles(files)) {
    const value = file[key];
    if (typeof value === 'string') return addedToken({ content: value }, `${name}, ${key}`);
    if (value !== undefined && value !== null) return addedToken(jsonObject(value, name), `${name}, ${key}`);
  }
  return undefined;
}

function sideFiles(files: TokenizerFiles): [string, Json][] {
  const { specialTokensMap: map, tokenizerConfig: config } = files;
  const found: [string, Json][] = [];
  if (config !== undefined) found.push(['tokenizer_config.json', jsonFile(config, 'tokenizer_config.json')]);
  if (map === undefined || found[0]?.[1]['added_tokens_decoder'] !== undefined) return found;
  return [['special_tokens_map.json', jsonFile(map, 'special_tokens_map.json')], ...found];
}

/** Longest row that `tokenizer_config.json` allows. The library writes 1e30 for "no limit": taken as absent. */
export function modelMaxLength(files: TokenizerFiles): number | undefined {
  if (files.tokenizerConfig === undefined) return undefined;
  const length = jsonFile(files.tokenizerConfig, 'tokenizer_config.json')['model_max_length'];
  if (length === undefined || length === null || (typeof length === 'number' && length > 1e9)) return undefined;
  return integer(length, 'tokenizer_config.json, model_max_length', 2);
}

/** The id that `tokenizer.json` pads with, where it says so. */
export function paddingId(json: Json): number | undefined {
  const padding = json['padding'] ?? undefined;
  if (padding === undefined) return undefined;
  return tokenId(jsonObject(padding, 'tokenizer.json, padding')['pad_id'], 'tokenizer.json, padding.pad_id');
}

/** @throws {EmbeddingError} `INPUT_INVALID` for arguments of another kind than a tokenizer is made of. */
export function expectFiles(files: unknown, options: unknown): void {
  expectMembers(files, 'tokenizer: files');
  expectMembers(options, 'tokenizer: options');
}
