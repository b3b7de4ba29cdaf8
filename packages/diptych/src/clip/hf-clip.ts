import { hfClipVisionNames } from '@diptych/image-encoder';
import { imageProcessor, parseImageProcessor } from '@diptych/preprocessing';
import { hfClipTextNames } from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { clipTokenizerOf } from '../tokenizer.ts';
import { type ClipNames, loadClip } from './clip-model.ts';
import { hfClipConfig } from './hf-clip-config.ts';

export const hfClipNames: ClipNames = { text: hfClipTextNames, image: hfClipVisionNames };

/** CLIP as Hugging Face publishes it: `config.json` of model type `clip`. */
export const hfClip: Architecture = {
  name: 'clip',
  async open(files, options) {
    const { signal } = options;
    const json = await readJson(files, 'config.json', signal);
    if (json?.['model_type'] !== 'clip') return undefined;
    const config = hfClipConfig(json, `${files.id}/config.json`);
    const size = config.image.imageSize;
    const processor = (await readJson(files, 'preprocessor_config.json', signal)) ?? { size, crop_size: size };
    const image = imageProcessor(parseImageProcessor(processor));
    const text = await clipTokenizerOf(files, { contextLength: config.text.contextLength }, signal);
    return loadClip(files, config, hfClipNames, { text, image }, options);
  },
};
