import { EmbeddingError, type Json, parseJsonObject, type Preprocessor, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { Tokenizer, TokenizerFiles } from '@diptych/preprocessing';
import { type FileLimit, readBytes, readJson, readText } from './model-json.ts';

const jsonFile = 'tokenizer.json';

/** Files of vocabularies, by what they are to a tokenizer. Beside `tokenizer.json` none of them counts. */
const vocabularies = {
  vocab: 'vocab.json',
  merges: 'merges.txt',
  vocabText: 'vocab.txt',
  bpe: 'bpe_simple_vocab_16e6.txt',
  spiece: 'spiece.model',
} as const;

export type VocabularyFile = keyof typeof vocabularies;

/** What a tokenizer is made of, its settings parsed; these are empty where there are none. */
export type FoundFiles = Omit<TokenizerFiles, 'tokenizerConfig'> & { readonly tokenizerConfig: Json };

/** The largest `tokenizer.json` that was published has 33 MB; a vocabulary alone has 5. */
const jsonLimit: FileLimit = { code: 'CONFIG_INVALID', maxBytes: 2 ** 27 };
const limit: FileLimit = { code: 'CONFIG_INVALID', maxBytes: 2 ** 25 };

/**
 * A tokenizer made of a model's files, which lets the event loop turn. A model without any still opens, for images: its
 * texts are refused with `NOT_FOUND`.
 *
 * @param usual What the model has where it has no `tokenizer.json`; only without these is it asked for others.
 */
export async function tokenizerOf(
  files: Files,
  usual: readonly VocabularyFile[],
  make: (found: FoundFiles) => Pick<Tokenizer, 'inTurns'>,
  signal?: AbortSignal,
): Promise<Preprocessor<string, TextBatch>> {
  const found = await foundFiles(files, usual, signal);
  if (found.tokenizerJson || found.vocab || found.vocabText || found.bpe || found.spiece) return make(found).inTurns;
  const expected = `a tokenizer (${[jsonFile, ...Object.values(vocabularies)].join(', ')})`;
  return () => {
    throw new EmbeddingError('NOT_FOUND', { where: files.id, expected, got: 'none' });
  };
}

/** Whatever cannot count beside what is there is not asked for. */
async function foundFiles(files: Files, usual: readonly VocabularyFile[], signal?: AbortSignal): Promise<FoundFiles> {
  const text = async (path: string, most = limit) => readText(files, path, signal, most);
  const [tokenizerJson, settings] = await Promise.all([text(jsonFile, jsonLimit), text('tokenizer_config.json')]);
  const tokenizerConfig = settings === undefined ? {} : parseJsonObject(settings, `${files.id}/tokenizer_config.json`);
  const isDecoded = tokenizerConfig['added_tokens_decoder'] !== undefined;
  const [specialTokensMap, addedTokens] = isDecoded
    ? []
    : await Promise.all([text('special_tokens_map.json'), text('added_tokens.json')]);
  const isNamed = (tokenizerConfig['tokenizer_class'] ?? undefined) !== undefined;
  const beside =
    tokenizerJson === undefined
      ? await vocabularyOf(files, usual, signal)
      : { tokenizerJson, ...(!isNamed && { config: await readJson(files, 'config.json', signal) }) };
  return { tokenizerConfig, specialTokensMap, addedTokens, ...beside };
}

/** The usual files, or what there is where one of these is missing. */
async function vocabularyOf(
  files: Files,
  usual: readonly VocabularyFile[],
  signal?: AbortSignal,
): Promise<Pick<TokenizerFiles, VocabularyFile>> {
  const read = async (names: readonly VocabularyFile[]) => {
    const contents = names.map(async (name) => {
      const path = vocabularies[name];
      return [name, await (name === 'spiece' ? readBytes : readText)(files, path, signal, limit)] as const;
    });
    return Promise.all(contents);
  };
  const own = await read(usual);
  if (own.every(([, content]) => content !== undefined)) return Object.fromEntries(own);
  const others = (Object.keys(vocabularies) as VocabularyFile[]).filter((name) => !usual.includes(name));
  return Object.fromEntries([...own, ...(await read(others))]);
}
