export { decodeImage, loadImage } from './image/browser.ts';
export { type Rgb, cmykToRgb, flatten, toGrey, toRgb } from './image/colour.ts';
export { type Crop, type CropRounding, centerCrop, pad } from './image/crop.ts';
export type { DecodeImage, DecodeOptions, LoadImage } from './image/decode.ts';
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
  joinImages,
  shortestEdgeSize,
} from './image/processor.ts';
export { type Resize, resizeImage } from './image/resize.ts';
