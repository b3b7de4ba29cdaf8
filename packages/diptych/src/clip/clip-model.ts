import { openCheckpoint, type ModelFiles } from '@diptych/checkpoint';
import { type ImageBatch, type Preprocessor, type TextBatch } from '@diptych/core';
import { vit, type VitConfig, vitSpec } from '@diptych/image-encoder';
import { constant, joinNames, loadModel, type NameTable, param, type Param } from '@diptych/nn';
import type { Image } from '@diptych/preprocessing';
import { clipText, type ClipTextConfig, clipTextSpec } from '@diptych/text-encoder';
import type { ArchitectureOptions, SpaceParts } from '../architecture.ts';

/** Both towers of a CLIP model. */
export interface ClipConfig {
  readonly text: ClipTextConfig;
  readonly image: VitConfig;
}

/** How one layout of checkpoints names the towers. */
export interface ClipNames {
  readonly text: NameTable;
  readonly image: NameTable;
}

/** What turns raw items into a tower's batches. */
export interface ClipPreprocessors {
  readonly text: Preprocessor<string, TextBatch>;
  readonly image: Preprocessor<Image, ImageBatch>;
}

/** Parameters of both towers and the logarithm of the scale. */
export type ClipSpec = {
  readonly text: ReturnType<typeof clipTextSpec>;
  readonly image: ReturnType<typeof vitSpec>;
  readonly logScale: Param<readonly []>;
};

/** The scale starts at 1 / 0.07. */
export function clipSpec({ text, image }: ClipConfig): ClipSpec {
  return { text: clipTextSpec(text), image: vitSpec(image), logScale: param([], constant(Math.log(1 / 0.07))) };
}

/** One table for the whole model. */
export function clipNames({ text, image }: ClipNames): NameTable {
  return joinNames({ text, image, logScale: { names: { '': 'logit_scale' } } });
}

/** The model in `files`, strictly loaded. */
export async function loadClip(
  files: ModelFiles,
  config: ClipConfig,
  names: ClipNames,
  preprocess: ClipPreprocessors,
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const checkpoint = await openCheckpoint(files, options.signal);
  const model = await loadModel(clipSpec(config), checkpoint, clipNames(names), options);
  const { text, image, logScale } = model.params;
  return {
    text: { encoder: clipText(config.text, text), preprocess: preprocess.text },
    image: { encoder: vit(config.image, image), preprocess: preprocess.image },
    logitScale: Math.exp(logScale.dataSync()[0]!),
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
