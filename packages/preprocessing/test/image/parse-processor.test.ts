import { describe, expect, it } from 'vitest';
import {
  clipImageProcessor,
  imageNetImageProcessor,
  openClipImageProcessor,
  parseImageProcessor,
} from '../../src/index.ts';

describe('parseImageProcessor', () => {
  it('nothing given is CLIP', () => {
    expect(parseImageProcessor({})).toEqual(clipImageProcessor);
    expect(parseImageProcessor({ feature_extractor_type: 'CLIPFeatureExtractor' })).toEqual(clipImageProcessor);
    expect(parseImageProcessor({ image_processor_type: 'CLIPImageProcessorFast' })).toEqual(clipImageProcessor);
  });

  it('the file of openai/clip-vit-large-patch14-336', () => {
    const config = parseImageProcessor({
      crop_size: 336,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
      resample: 3,
      size: 336,
    });
    expect(config).toEqual({
      ...clipImageProcessor,
      resize: { mode: 'shortest', size: 336, filter: 'bicubic' },
      crop: { width: 336, height: 336, rounding: 'hf' },
    });
  });

  it('SigLIP squashes, and a plain number is both sides', () => {
    const siglip = parseImageProcessor({ image_processor_type: 'SiglipImageProcessor', size: 384, resample: 2 });
    expect(siglip.resize).toEqual({ mode: 'exact', width: 384, height: 384, filter: 'bilinear' });
    expect(siglip).toMatchObject({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expect(siglip.crop).toBeUndefined();
  });

  it('ResNet of Hugging Face crops seven eighths below 384 pixels, and squashes above', () => {
    const json = { image_processor_type: 'ConvNextImageProcessor', resample: 3, crop_pct: 0.875 };
    const imageNet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
    expect(parseImageProcessor({ ...json, ...imageNet, size: { shortest_edge: 224 } })).toEqual({
      ...imageNetImageProcessor,
      resize: { mode: 'shortest', size: 256, filter: 'bicubic' },
      crop: { width: 224, height: 224, rounding: 'hf' },
    });
    const large = parseImageProcessor({ ...json, size: { shortest_edge: 384 } });
    expect(large.resize).toEqual({ mode: 'exact', width: 384, height: 384, filter: 'bicubic' });
    expect(large.crop).toBeUndefined();
  });

  it('height and width are not swapped', () => {
    const config = parseImageProcessor({ size: { height: 2, width: 3 }, crop_size: { height: 4, width: 5 } });
    expect(config.resize).toMatchObject({ height: 2, width: 3 });
    expect(config.crop).toMatchObject({ height: 4, width: 5 });
  });

  it('steps can be switched off', () => {
    const off = { do_resize: false, do_center_crop: false, do_rescale: false, do_normalize: false };
    expect(parseImageProcessor(off)).toEqual({ toRgb: 'before', rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
  });

  it.each([
    [0, 'nearest'],
    [1, 'lanczos'],
    [2, 'bilinear'],
    [3, 'bicubic'],
    [4, 'box'],
    [5, 'hamming'],
  ])('resample %i is %s', (resample, filter) => {
    expect(parseImageProcessor({ resample }).resize).toMatchObject({ filter });
  });

  it.each([
    [{ image_processor_type: 'SamImageProcessor' }, 'UNSUPPORTED'],
    [{ resample: 6 }, 'UNSUPPORTED'],
    [{ size: { longest_edge: 224 } }, 'UNSUPPORTED'],
    [{ size: '224' }, 'CONFIG_INVALID'],
    [{ size: 0 }, 'CONFIG_INVALID'],
    [{ image_mean: [0.5, 0.5] }, 'CONFIG_INVALID'],
    [{ image_std: [0.5, 0, 0.5] }, 'CONFIG_INVALID'],
    [{ rescale_factor: 'x' }, 'CONFIG_INVALID'],
    ['text', 'CONFIG_INVALID'],
  ])('%j is %s', (json, code) => {
    expect(() => parseImageProcessor(json)).toThrow(expect.objectContaining({ code }));
  });
});

describe('openClipImageProcessor', () => {
  it('has the defaults of open_clip', () => {
    expect(openClipImageProcessor({ imageSize: 224 })).toEqual({
      ...clipImageProcessor,
      toRgb: 'after',
      crop: { width: 224, height: 224, rounding: 'torchvision' },
    });
  });

  it('reads what a repository overrides', () => {
    const preprocessCfg = { mean: [0, 0, 0], std: [1, 1, 1], interpolation: 'bilinear', resize_mode: 'squash' };
    expect(openClipImageProcessor({ imageSize: [2, 3], preprocessCfg })).toEqual({
      toRgb: 'after',
      resize: { mode: 'exact', width: 3, height: 2, filter: 'bilinear' },
      rescale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
  });

  it.each([
    [{ imageSize: 224, preprocessCfg: { resize_mode: 'longest' } }, 'UNSUPPORTED'],
    [{ imageSize: 224, preprocessCfg: { interpolation: 'lanczos' } }, 'UNSUPPORTED'],
    [{ imageSize: [224, 112] }, 'UNSUPPORTED'],
    [{ imageSize: undefined }, 'CONFIG_INVALID'],
  ])('%j is %s', (image, code) => {
    expect(() => openClipImageProcessor(image)).toThrow(expect.objectContaining({ code }));
  });
});

it.each(['constructor', '3', [3], -1, 6])('a resample of %j is UNSUPPORTED', (resample) => {
  expect(() => parseImageProcessor({ resample })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
});
