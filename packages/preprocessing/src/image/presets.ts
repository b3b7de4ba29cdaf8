import type { ImageProcessorConfig } from './processor-config.ts';
import { clipMean, clipStd, halves, imageNetMean, imageNetStd } from './statistics.ts';

const square = (size: number) => ({ width: size, height: size });

/** CLIP at 224 pixels as Hugging Face's `CLIPImageProcessor` with Pillow does it. */
export const clipImageProcessor: ImageProcessorConfig = {
  toRgb: 'before',
  resize: { mode: 'shortest', size: 224, filter: 'bicubic' },
  crop: { ...square(224), rounding: 'hf' },
  rescale: 1 / 255,
  mean: clipMean,
  std: clipStd,
};

/** SigLIP at 224 pixels; SigLIP 2 of a fixed resolution differs by `filter: 'bilinear'`. */
export const siglipImageProcessor: ImageProcessorConfig = {
  toRgb: 'before',
  resize: { mode: 'exact', ...square(224), filter: 'bicubic' },
  rescale: 1 / 255,
  mean: halves,
  std: halves,
};

/** MobileCLIP at 256 pixels as open_clip does it: bilinear, values in `[0, 1]`. */
export const mobileClipImageProcessor: ImageProcessorConfig = {
  toRgb: 'after',
  resize: { mode: 'shortest', size: 256, filter: 'bilinear' },
  crop: { ...square(256), rounding: 'torchvision' },
  rescale: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Networks trained on ImageNet with torchvision, those of VSE++ among them: 256 pixels, of which the middle 224. */
export const imageNetImageProcessor: ImageProcessorConfig = {
  toRgb: 'before',
  resize: { mode: 'shortest', size: 256, filter: 'bilinear' },
  crop: { ...square(224), rounding: 'torchvision' },
  rescale: 1 / 255,
  mean: imageNetMean,
  std: imageNetStd,
};
