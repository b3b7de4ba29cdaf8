export { bertTokenizer } from './text/bert-tokenizer.ts';
export { captionWords } from './text/caption-words.ts';
export { type ClipTokenizerOptions, clipTokenizer } from './text/clip-tokenizer.ts';
export { jsonTokenizer, type TokenizerOptions } from './text/json-tokenizer.ts';
export { openClipClean } from './text/open-clip-clean.ts';
export { parseTokenizer } from './text/parse-tokenizer.ts';
export { type SiglipTokenizerOptions, siglipTokenizer } from './text/siglip-tokenizer.ts';
export { siglip2Tokenizer } from './text/siglip2-tokenizer.ts';
export { sparseTfIdf, tfIdf, type WordWeights, wordWeights, type WordWeightsOptions } from './text/tf-idf.ts';
export type { Padding, Tokenizer } from './text/tokenizer.ts';
export type { TokenizerFiles } from './text/tokenizer-files.ts';
export {
  captionVocabulary,
  type SplitWords,
  type VocabularyTokenizerOptions,
  vocabularyTokenizer,
  type WordVocabulary,
} from './text/vocabulary-tokenizer.ts';
