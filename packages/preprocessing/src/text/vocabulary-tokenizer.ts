import { expectItems, expectMembers } from '@diptych/core';
import { captionWords } from './caption-words.ts';
import { invalid, type JsonFile, jsonFile } from './config-file.ts';
import { pipelineTokenizer } from './json-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { idsEnd, vocabulary } from './tokenizer-files.ts';

/** Cuts a text into words. */
export type SplitWords = (text: string) => readonly string[];

/** Words by id and back, as VSE++ writes its vocabularies in JSON. */
export interface WordVocabulary {
  readonly word2idx: Readonly<Record<string, number>>;
}

export interface VocabularyTokenizerOptions {
  /** Default `captionWords`. */
  readonly split?: SplitWords;
  /** Ids to a row at most, start and end included. Default: no limit, as in VSE++. */
  readonly contextLength?: number;
}

const specials = ['<pad>', '<start>', '<end>', '<unk>'] as const;

/**
 * VSE++'s tokenizer, Faghri et al. 2018, arXiv:1707.05612: `<start>`, the id of each word, `<end>`; a word that the
 * vocabulary lacks is `<unk>`. Rows are padded to the longest with `<pad>`.
 *
 * @param file Its JSON vocabulary, as text or parsed, or what `captionVocabulary` gives.
 * @throws {EmbeddingError} `CONFIG_INVALID` when it is malformed or lacks one of the four special words.
 */
export function vocabularyTokenizer(
  file: JsonFile | WordVocabulary,
  options: VocabularyTokenizerOptions = {},
): Tokenizer {
  expectMembers(options, 'tokenizer: options');
  const { split = captionWords, contextLength = Number.MAX_SAFE_INTEGER } = options;
  const ids = vocabulary(jsonFile(file, 'vocabulary')['word2idx'], 'vocabulary, word2idx');
  const [pad, start, end, unknown] = specials.map(
    (word) => ids.get(word) ?? invalid('vocabulary', 'special words', word),
  );
  const parts = (text: string): number[] => split(text).map((word) => ids.get(word) ?? unknown!);
  const frame = { before: [start!], after: [end!] };
  const layout = { contextLength, padding: 'longest', padId: pad! } as const;
  return pipelineTokenizer({ parts, model: () => [], size: idsEnd(ids), frame }, layout);
}

/**
 * The vocabulary of captions: the four special words, then each word that occurs at least `minCount` times, in order of
 * first occurrence. Give the captions of the training split alone; VSE++'s own vocabularies also saw the test split.
 * One piece, of some 10 microseconds a caption.
 *
 * @param options `minCount` is 4 by default, as in VSE++.
 */
export function captionVocabulary(
  captions: Iterable<string>,
  options: { readonly minCount?: number; readonly split?: SplitWords } = {},
): WordVocabulary {
  expectItems(captions, 'captions');
  expectMembers(options, 'captionVocabulary: options');
  const { minCount = 4, split = captionWords } = options;
  const counts = new Map<string, number>();
  for (const caption of captions) {
    for (const word of split(caption)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const frequent = [...counts].flatMap(([word, count]) => (count >= minCount ? [word] : []));
  return { word2idx: Object.fromEntries([...new Set([...specials, ...frequent])].map((word, id) => [word, id])) };
}
