import { EmbeddingError, isObject, quote } from '@diptych/core';
import type { Files } from '@diptych/files';
import { readJson, readText } from '../model-json.ts';

/** The id of a token of a model's vocabulary, that of `[UNK]` where it has none. */
export type TokenIds = (token: string) => number;

/** @throws {EmbeddingError} `CONFIG_INVALID` where the vocabulary has not `[UNK]` either. */
export async function tokenIds(files: Files, signal?: AbortSignal): Promise<TokenIds> {
  const ids = await vocabularyOf(files, signal);
  return (token) => {
    const id = ids.get(token) ?? ids.get('[UNK]');
    if (Number.isSafeInteger(id)) return id as number;
    throw new EmbeddingError('CONFIG_INVALID', { where: files.id, expected: `the token ${quote(token)}`, got: 'none' });
  };
}

async function vocabularyOf(files: Files, signal?: AbortSignal): Promise<ReadonlyMap<string, unknown>> {
  const json = await readJson(files, 'tokenizer.json', signal);
  if (!json) {
    const text = (await readText(files, 'vocab.txt', signal)) ?? '';
    return new Map(text.split(/\r?\n/).map((token, id) => [token, id]));
  }
  const { model, added_tokens: added } = json;
  const vocab = isObject(model) && isObject(model['vocab']) ? Object.entries(model['vocab']) : [];
  const listed = Array.isArray(added) ? added.filter(isObject) : [];
  return new Map<string, unknown>([...vocab, ...listed.map(({ content, id }) => [String(content), id] as const)]);
}
