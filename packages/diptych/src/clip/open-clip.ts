import { openClipVisionNames } from '@diptych/image-encoder';
import { imageProcessor, openClipImageProcessor } from '@diptych/preprocessing';
import { openClipTextNames } from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { clipTokenizerOf } from '../tokenizer.ts';
import { type ClipNames, loadClip } from './clip-model.ts';
import { openClipConfig } from './open-clip-config.ts';

export const openClipNames: ClipNames = { text: openClipTextNames, image: openClipVisionNames };

/** How open_clip spells the special tokens in a text. */
const literals = ['<start_of_text>', '<end_of_text>'] as const;

/** CLIP as open_clip publishes it: `open_clip_config.json`. */
export const openClip: Architecture = {
  name: 'open_clip',
  async open(files, options) {
    const { signal } = options;
    const json = await readJson(files, 'open_clip_config.json', signal);
    if (!json) return undefined;
    const config = openClipConfig(json, `${files.id}/open_clip_config.json`);
    const image = imageProcessor(
      openClipImageProcessor({ imageSize: config.image.imageSize, preprocessCfg: json['preprocess_cfg'] }),
    );
    const tokenizer = { contextLength: config.text.contextLength, clean: 'openai', literals } as const;
    const text = await clipTokenizerOf(files, tokenizer, signal);
    return loadClip(files, config, openClipNames, { text, image }, options);
  },
};
