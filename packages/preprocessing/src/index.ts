export { decodeImage } from './image/browser.ts';
export { type Rgb, cmykToRgb, flatten, toGrey, toRgb } from './image/colour.ts';
export { type Crop, type CropRounding, centerCrop, pad } from './image/crop.ts';
export type { DecodeImage, DecodeOptions } from './image/decode.ts';
export type { Filter } from './image/filters.ts';
export type { Image, Window } from './image/image.ts';
export type { CanvasPixels, EncodedImage, ImageInput } from './image/input.ts';
export { type Normalization, normalizePixels } from './image/normalize.ts';
export { type OpenClipImage, openClipImageProcessor } from './image/open-clip-processor.ts';
export { parseImageProcessor } from './image/parse-processor.ts';
export {
  clipImageProcessor,
  imageNetImageProcessor,
  mobileClipImageProcessor,
  siglipImageProcessor,
} from './image/presets.ts';
export {
  type ExactSize,
  type ImageProcessorConfig,
  type ShortestEdge,
  imageProcessor,
  shortestEdgeSize,
} from './image/processor.ts';
export { type Resize, resizeImage } from './image/resize.ts';
export { bertTokenizer } from './text/bert-tokenizer.ts';
export { captionWords } from './text/caption-words.ts';
export { type ClipTokenizerOptions, clipTokenizer } from './text/clip-tokenizer.ts';
export { jsonTokenizer, type TokenizerOptions } from './text/json-tokenizer.ts';
export { openClipClean } from './text/open-clip-clean.ts';
export { parseTokenizer } from './text/parse-tokenizer.ts';
export { type SiglipTokenizerOptions, siglipTokenizer } from './text/siglip-tokenizer.ts';
export { siglip2Tokenizer } from './text/siglip2-tokenizer.ts';
export { tfIdf, type WordWeights, wordWeights, type WordWeightsOptions } from './text/tf-idf.ts';
export type { Padding, Tokenizer } from './text/tokenizer.ts';
export type { TokenizerFiles } from './text/tokenizer-files.ts';
export {
  captionVocabulary,
  type SplitWords,
  type VocabularyTokenizerOptions,
  vocabularyTokenizer,
  type WordVocabulary,
} from './text/vocabulary-tokenizer.ts';
