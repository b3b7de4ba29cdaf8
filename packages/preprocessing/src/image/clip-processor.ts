import type { ImageProcessorConfig } from './processor.ts';
import { clipMean, clipStd } from './statistics.ts';

/** CLIP at 224 pixels as Hugging Face's `CLIPImageProcessor` with Pillow does it. */
export const clipImageProcessor: ImageProcessorConfig = {
  toRgb: 'before',
  resize: { mode: 'shortest', size: 224, filter: 'bicubic' },
  crop: { width: 224, height: 224, rounding: 'hf' },
  rescale: 1 / 255,
  mean: clipMean,
  std: clipStd,
};
