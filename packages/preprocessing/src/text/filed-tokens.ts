import { type AddedToken, addedToken, checkCount, type Found } from './added-tokens.ts';
import { tokenId, type Json, jsonArray, jsonFile, jsonObject } from './config-file.ts';
import { declaredToken, type SpecialToken, specialTokens, type TokenizerFiles } from './tokenizer-files.ts';

/** What a class of tokenizer calls its special tokens where no file does. */
export type TokenDefaults = Readonly<Partial<Record<SpecialToken, string>>>;

/**
 * The added tokens of all files, as transformers 5 joins them: `added_tokens_decoder`, or else `added_tokens.json` and
 * the list of `tokenizer.json`; then the named special tokens, then the unnamed ones. A token that the vocabulary lacks
 * gets the next free id.
 *
 * @param ids Of the model's vocabulary.
 * @param listed What `tokenizer.json` lists.
 */
export function filedTokens(
  files: TokenizerFiles,
  ids: ReadonlyMap<string, number>,
  listed: readonly Found[],
  defaults: TokenDefaults = {},
): Found[] {
  const tokens = new Map<string, AddedToken>();
  for (const token of decoded(files) ?? [...legacy(files), ...listed].toSorted(byId)) tokens.set(token.content, token);
  const named = specialTokens.flatMap((key) => {
    const usual = defaults[key];
    return declaredToken(files, key) ?? (usual === undefined ? [] : addedToken({ content: usual }, key));
  });
  for (const token of [...named, ...unnamed(files)]) {
    if (!tokens.has(token.content)) tokens.set(token.content, token);
  }
  let next = ids.size;
  return Array.from(tokens.values(), (token) => ({ ...token, id: ids.get(token.content) ?? next++ }));
}

function byId(a: Found, b: Found): number {
  return a.id - b.id;
}

/** `added_tokens_decoder`: tokens by id. */
function decoded(files: TokenizerFiles): Found[] | undefined {
  const decoder = settings(files)['added_tokens_decoder'];
  if (decoder === undefined) return undefined;
  const where = 'tokenizer_config.json, added_tokens_decoder';
  const entries = Object.entries(jsonObject(decoder, where));
  checkCount(entries.length);
  return entries
    .map(([id, token]) => found(jsonObject(token, `${where}.${id}`), Number(id), `${where}.${id}`))
    .toSorted(byId);
}

/** `added_tokens.json`: ids by token. */
function legacy(files: TokenizerFiles): Found[] {
  if (files.addedTokens === undefined) return [];
  const name = 'added_tokens.json';
  const special = new Set(
    [...specialTokens.map((key) => declaredToken(files, key)), ...unnamed(files)].map((token) => token?.content),
  );
  const entries = Object.entries(jsonFile(files.addedTokens, name));
  checkCount(entries.length);
  return entries.map(([content, id]) => {
    return found({ content, normalized: !special.has(content) }, id, `${name}, ${content}`);
  });
}

function unnamed(files: TokenizerFiles): AddedToken[] {
  const { extra_special_tokens: extra, additional_special_tokens: additional } = settings(files);
  const [value, where] = [extra ?? additional ?? [], 'tokenizer_config.json, extra_special_tokens'];
  const list = Array.isArray(value) ? jsonArray(value, where) : Object.values(jsonObject(value, where));
  checkCount(list.length);
  return list.map((item) => addedToken(typeof item === 'string' ? { content: item } : jsonObject(item, where), where));
}

function found(token: Json, id: unknown, where: string): Found {
  return { ...addedToken(token, where), id: tokenId(id, where) };
}

function settings({ tokenizerConfig }: TokenizerFiles): Json {
  return tokenizerConfig === undefined ? {} : jsonFile(tokenizerConfig, 'tokenizer_config.json');
}
