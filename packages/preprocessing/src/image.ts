export { decodeImage, isFar, loadImage } from './image/browser.ts';
export { type Rgb, cmykToRgb, flatten, toGrey } from './image/colour.ts';
export { type DecodeImage, imageSize, isImageInput, type LoadImage } from './image/decode.ts';
export type { Filter } from './image/filters.ts';
export { type Crop, type CropRounding, type Image, type Window, centerCrop, pad, toRgb } from './image/image.ts';
export type { CanvasPixels, DecodeOptions, EncodedImage, ImageInput } from './image/input.ts';
export { type OpenClipImage, openClipImageProcessor } from './image/open-clip-processor.ts';
export { parseImageProcessor } from './image/parse-processor.ts';
export {
  clipImageProcessor,
  imageNetImageProcessor,
  mobileClipImageProcessor,
  siglipImageProcessor,
} from './image/presets.ts';
export type { ExactSize, ImageProcessorConfig, Normalization, ShortestEdge } from './image/processor-config.ts';
export { imageProcessor, joinImages, normalizePixels, shortestEdgeSize } from './image/processor.ts';
export { type Resize, resizeImage } from './image/resize.ts';
