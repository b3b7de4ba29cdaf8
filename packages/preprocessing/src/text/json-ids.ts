import { type AddedToken, addedToken, checkCount, type Found } from './added-tokens.ts';
import { invalid, type Json, jsonArray, jsonObject, tokenId } from './config-file.ts';
import { idsEnd, vocabulary } from './tokenizer-files.ts';

/** Ids that a `tokenizer.json` gives. */
export interface JsonIds {
  /** What is sought in a text before the model sees it. */
  readonly added: readonly Found[];
  /** All ids are below. */
  readonly end: number;
  /** Those of the model's vocabulary are below. */
  readonly size: number;
}

/**
 * The ids of a `tokenizer.json`. Those that it notes of added tokens do not count, as in the tokenizers library: a token
 * has the id of the vocabulary, else the next free one.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a malformed added token.
 */
export function jsonIds(json: Json): JsonIds {
  const list = jsonArray(json['added_tokens'] ?? [], 'tokenizer.json, added_tokens');
  checkCount(list.length);
  const tokens = list.map(listed);
  const { ids, count, end } = modelIds(json, new Set(tokens.map(({ content }) => content)));
  let last = -1;
  for (const { content } of tokens) {
    const id = ids.get(content) ?? Math.max(count, last + 1);
    ids.set(content, id);
    last = Math.max(last, id);
  }
  const added = tokens.map((token) => ({ ...token, id: ids.get(token.content)! }));
  return { added, end: Math.max(end, last + 1), size: end };
}

/** @throws {EmbeddingError} `CONFIG_INVALID` for an id that no token has. */
export function checkIds(ids: readonly number[], { end }: Pick<JsonIds, 'end'>, where: string): void {
  const beyond = ids.find((id) => id >= end);
  if (beyond !== undefined) invalid(where, `ids below ${end}, as all tokens have`, beyond);
}

function listed(item: unknown, i: number): AddedToken {
  const where = `tokenizer.json, added_tokens[${i}]`;
  const token = jsonObject(item, where);
  tokenId(token['id'], `${where}.id`);
  return addedToken(token, where);
}

/** Ids of some tokens of the model's vocabulary, how many tokens it has, and what their ids are below. */
function modelIds(json: Json, wanted: ReadonlySet<string>): { ids: Map<string, number>; count: number; end: number } {
  const vocab = jsonObject(json['model'] ?? {}, 'tokenizer.json, model')['vocab'];
  const ids = new Map<string, number>();
  const note = (token: unknown, id: number | undefined): void => {
    if (id !== undefined && typeof token === 'string' && wanted.has(token)) ids.set(token, id);
  };
  if (Array.isArray(vocab)) {
    for (const [id, entry] of vocab.entries()) note((entry as Json | undefined)?.[0], id);
    return { ids, count: vocab.length, end: vocab.length };
  }
  if (typeof vocab !== 'object' || vocab === null) return { ids, count: 0, end: 0 };
  const all = vocabulary(vocab, 'tokenizer.json, model.vocab');
  for (const token of wanted) note(token, all.get(token));
  return { ids, count: all.size, end: idsEnd(all) };
}
