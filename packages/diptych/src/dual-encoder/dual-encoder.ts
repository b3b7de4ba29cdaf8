import type { ModelFiles } from '@diptych/checkpoint';
import {
  type Checkpoint,
  configReader,
  EmbeddingError,
  type Encoder,
  type ImageBatch,
  type Similarity,
} from '@diptych/core';
import type { Linear, NameTable, ParamsOf } from '@diptych/nn';
import type { Image } from '@diptych/preprocessing';
import type { Architecture, ArchitectureOptions, SpaceParts, Tower } from '../architecture.ts';
import { hfClip } from '../hf/clip.ts';
import { hfResnet } from '../hf/resnet.ts';
import { hfSiglip } from '../hf/siglip.ts';
import { type Json, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, type TowerPlan, towerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { packedIn } from '../packed-in.ts';
import { openClip } from '../open-clip/open-clip.ts';
import { subFolder } from '../sub-folder.ts';
import { tfjsMobileNet } from '../tfjs/tfjs-mobilenet.ts';
import { absoluteImages, absoluteTexts } from './absolute.ts';
import { type FeatureTowerPlan, imageTower, type ImageTowerPlan } from './image-tower.ts';
import { textTower, type TextTowerPlan } from './text-tower.ts';
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
  const text = textTower(config.object('text'), { dim, vocabSize });
  const image = imageTower(config.object('image'), dim);
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
  name: modelType,
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    if (json?.['model_type'] !== modelType) return undefined;
    const where = `${files.id}/config.json`;
    const { text, image, similarity } = dualEncoderPlan(json, where);
    const vocabulary = await readVocabulary(files, configReader(json, where).count('vocabSize'), options.signal);
    const checkpoint = await openWeights(files, options.signal);
    const { names } = checkpoint;
    const preprocess = await text.tokenizer(vocabulary);
    const plan: ModelPlan = {
      text: towerPlan({ ...text, names: namesOf('text'), preprocess }),
      ...(names.has('logScale') && { logScale: 'logScale' }),
      ...(names.has('bias') && { bias: 'bias' }),
      similarity,
    };
    if (image.reads === 'features') return loadOnFeatures(files, checkpoint, { plan, image, options });
    return loadPlan(checkpoint, { ...plan, image: towerPlan({ ...image, names: namesOf('image') }) }, options);
  },
};

interface OnFeatures {
  readonly plan: ModelPlan;
  readonly image: FeatureTowerPlan;
  readonly options: ArchitectureOptions;
}

/** With the network that gives the features in front of their head, or texts alone where there is none. */
async function loadOnFeatures(
  files: ModelFiles,
  checkpoint: Checkpoint,
  { plan, image, options }: OnFeatures,
): Promise<SpaceParts> {
  const backbone = await openBackbone(subFolder(files, 'backbone'), packedIn('backbone/', options));
  if (!backbone?.image) {
    backbone?.[Symbol.dispose]();
    const text = { ...plan.text!, names: { ...plan.text!.names, ignore: ['image.weight', 'image.bias'] } };
    return loadPlan(checkpoint, { ...plan, text }, options);
  }
  try {
    const parts = await loadPlan(checkpoint, { ...plan, image: behind(backbone.image, image, files.id) }, options);
    return { ...parts, [Symbol.dispose]: () => [parts, backbone].forEach((one) => one[Symbol.dispose]()) };
  } catch (error) {
    backbone[Symbol.dispose]();
    throw error;
  }
}

function behind(
  { encoder: frozen, preprocess }: Tower<Image, ImageBatch>,
  head: FeatureTowerPlan,
  model: string,
): TowerPlan<Image, ImageBatch> {
  const [inputs] = head.spec.weight.shape;
  if (frozen.dim !== inputs) {
    throw new EmbeddingError('SHAPE_MISMATCH', `${model}: backbone: expected ${inputs} features, got ${frozen.dim}`);
  }
  return towerPlan({
    spec: head.spec,
    names: namesOf('image'),
    preprocess,
    encoder: (params: ParamsOf<Linear>): Encoder<ImageBatch> => {
      const { dim, variables } = head.encoder(params);
      return {
        dim,
        variables: [...frozen.variables, ...variables],
        forward: (batch) => head.project(params, frozen.forward(batch)),
      };
    },
  });
}

function namesOf(tower: 'text' | 'image'): NameTable {
  return { names: { '': { asIs: tower } } };
}

async function openBackbone(files: ModelFiles, options: ArchitectureOptions): Promise<SpaceParts | undefined> {
  for (const architecture of [openClip, hfClip, hfSiglip, hfResnet, tfjsMobileNet]) {
    const parts = await architecture.open(files, options);
    if (parts) return parts;
  }
  return undefined;
}
