import type { Files } from '@diptych/files';
import type { ImageInput } from '@diptych/preprocessing/image';
import { type Checkpoint, configReader, type Similarity } from '@diptych/core';
import type { Architecture, ArchitectureOptions, SpaceParts } from '../architecture.ts';
import { type Json, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { packedIn } from '../packed-in.ts';
import { subFolder } from '../sub-folder.ts';
import { imageTower, textTower } from '../tower.ts';
import { aligned } from './aligned.ts';
import { behind, headAlone, openBackbone, ownTower } from './backbone.ts';
import { absoluteImages, absoluteTexts } from './absolute.ts';
import { type FeatureTowerPlan, type ImageTowerPlan, imageTowerPlan } from './image-tower.ts';
import { type TextTowerPlan, textTowerPlan } from './text-tower.ts';
import { readVocabulary } from './vocabulary.ts';

/** Two towers that were or will be trained together, before their weights are there. */
export interface DualEncoderPlan {
  /** Length of an embedding. */
  readonly dim: number;
  readonly similarity: Similarity;
  readonly text: TextTowerPlan;
  readonly image: ImageTowerPlan;
}

const modelType = 'dual_encoder';

/**
 * What the `config.json` of a dual encoder describes: `{ "model_type": "dual_encoder", dim, vocabSize, text, image }`, with
 * `similarity: "order"` for one that was trained as order embeddings, whose rows have no value below 0.
 *
 * `text.kind` is `gru`, `lstm` (`wordDim`, `layers`, `bidirectional`), `bag`, or `transformer` (`width`, `layers`, `heads`,
 * `mlpWidth`, `contextLength`); `image.kind` is `features` (`inputs`: a linear head over features of a frozen network),
 * `cnn` (`size`, `widths`) or `vit` (`size`, `patchSize`, `width`, `layers`, `heads`, `mlpWidth`).
 *
 * @param where What errors call it.
 * @throws {EmbeddingError} `CONFIG_INVALID` naming the field, also one that is not known.
 */
export function dualEncoderPlan(json: Json, where: string): DualEncoderPlan {
  const config = configReader(json, where);
  config.only('model_type', 'dim', 'vocabSize', 'text', 'image', 'similarity');
  const dim = config.count('dim', 256);
  const vocabSize = config.count('vocabSize');
  const text = textTowerPlan(config.object('text'), { dim, vocabSize });
  const image = imageTowerPlan(config.object('image'), dim);
  const similarity = config.choice('similarity', similarities, 'cosine');
  if (similarity === 'cosine') return { dim, similarity, text, image };
  return { dim, similarity, text: absoluteTexts(text), image: absoluteImages(image) };
}

const similarities: Readonly<Record<Similarity, Similarity>> = { cosine: 'cosine', order: 'order' };

/**
 * What `diptych train` writes: `config.json` of model type `dual_encoder`, `model.safetensors` in this project's own names
 * and layout, `vocab.json`. A tower over features embeds images where the network that gives them is in the folder
 * `backbone`.
 */
export const dualEncoder: Architecture = {
  version: 1,
  name: modelType,
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    if (json?.['model_type'] !== modelType) return undefined;
    const where = `${files.id}/config.json`;
    const { text, image, similarity } = dualEncoderPlan(json, where);
    const vocabulary = await readVocabulary(files, configReader(json, where).count('vocabSize'), options.signal);
    const checkpoint = await openWeights(files, options.signal);
    const { names } = checkpoint;
    const { inTurns: preprocess } = await text.tokenizer(vocabulary);
    const plan: ModelPlan = {
      towers: { text: ownTower('text', text, (encoder) => textTower({ encoder, preprocess })) },
      ...(names.has('logScale') && { logScale: 'logScale' }),
      ...(names.has('bias') && { bias: 'bias' }),
      similarity,
    };
    if (image.reads === 'features') return loadOnFeatures(files, checkpoint, { plan, image, options });
    const { preprocess: toPixels } = image;
    const pixels = ownTower('image', image, (encoder) => imageTower({ encoder, preprocess: toPixels }));
    return loadPlan(checkpoint, { ...plan, towers: { ...plan.towers, image: pixels } }, options);
  },
};

interface OnFeatures {
  readonly plan: ModelPlan;
  readonly image: FeatureTowerPlan;
  readonly options: ArchitectureOptions;
}

/** With the network that gives the features in front of their head, or texts alone where there is none. */
async function loadOnFeatures(
  files: Files,
  checkpoint: Checkpoint,
  { plan, image, options }: OnFeatures,
): Promise<SpaceParts> {
  const backbone = await openBackbone(subFolder(files, 'backbone'), packedIn('backbone/', options), [
    dualEncoder,
    aligned,
  ]);
  if (options.filesOnly) {
    const towers = { ...plan.towers, image: headAlone<ImageInput>('image', image) };
    return loadPlan(checkpoint, { ...plan, towers }, options);
  }
  const { text } = plan.towers;
  const frozen = backbone?.towers.image;
  if (!backbone || !frozen) {
    backbone?.[Symbol.dispose]();
    const alone = { ...text!, names: { ...text!.names, ignore: ['image.weight', 'image.bias'] } };
    return loadPlan(checkpoint, { ...plan, towers: { text: alone } }, options);
  }
  try {
    const towers = { ...plan.towers, image: behind(frozen, 'image', { head: image, model: files.id }) };
    const parts = await loadPlan(checkpoint, { ...plan, towers }, options);
    return { ...parts, [Symbol.dispose]: () => [parts, backbone].forEach((one) => one[Symbol.dispose]()) };
  } catch (error) {
    backbone[Symbol.dispose]();
    throw error;
  }
}
