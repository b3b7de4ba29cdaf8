import type { ModelFiles } from '@diptych/checkpoint';
import type { Checkpoint, Encoder, ImageBatch, Preprocessor, Similarity, TextBatch } from '@diptych/core';
import {
  checkModel,
  constant,
  joinNames,
  loadModel,
  type Model,
  type NameTable,
  param,
  type ParamsOf,
  type Spec,
} from '@diptych/nn';
import type { Image } from '@diptych/preprocessing';
import type { ArchitectureOptions, SpaceParts } from './architecture.ts';
import { openWeights } from './open-weights.ts';

/** A tower before its weights are there. */
export interface TowerPlan<Raw, Batch, S extends Spec = Spec> {
  readonly spec: S;
  /** Names in the checkpoint, of paths inside this tower. */
  readonly names: NameTable;
  readonly preprocess: Preprocessor<Raw, Batch>;
  encoder(params: ParamsOf<S>): Encoder<Batch>;
}

/** The same plan, its kind of parameters forgotten. */
export function towerPlan<Raw, Batch, S extends Spec>(plan: TowerPlan<Raw, Batch, S>): TowerPlan<Raw, Batch> {
  return plan;
}

/** A model before its weights are there. */
export interface ModelPlan {
  readonly text?: TowerPlan<string, TextBatch>;
  readonly image?: TowerPlan<Image, ImageBatch>;
  /** Name of the array with the logarithm of the scale, which a model for retrieval has. */
  readonly logScale?: string;
  /** Name of the array with the bias, which a model trained with the sigmoid loss has. */
  readonly bias?: string;
  /** Default by cosine. */
  readonly similarity?: Similarity;
}

type Scalar = 'logScale' | 'bias';

/** The parameters of every part of the plan. Training starts the scale at 1 / 0.07 and the bias at -10. */
export function planSpec({ text, image, logScale, bias }: ModelPlan): Record<string, Spec> {
  return {
    ...(text && { text: text.spec }),
    ...(image && { image: image.spec }),
    ...(logScale && { logScale: param([], constant(Math.log(1 / 0.07))) }),
    ...(bias && { bias: param([], constant(-10)) }),
  };
}

/** One table for the whole plan. */
export function planNames({ text, image, logScale, bias }: ModelPlan): NameTable {
  const scalar = (name: string): NameTable => ({ names: { '': name } });
  return joinNames({
    ...(text && { text: text.names }),
    ...(image && { image: image.names }),
    ...(logScale && { logScale: scalar(logScale) }),
    ...(bias && { bias: scalar(bias) }),
  });
}

/** The planned model with the weights in `files`, or in a checkpoint that is open already. */
export async function loadPlan(
  files: ModelFiles | Checkpoint,
  plan: ModelPlan,
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const checkpoint = 'names' in files ? files : await openWeights(files, options.signal);
  if (options.filesOnly) {
    checkModel(planSpec(plan), checkpoint, planNames(plan), options);
    await checkpoint.fetch?.();
    return { [Symbol.dispose]: () => {} };
  }
  const model = await loadModel(planSpec(plan), checkpoint, planNames(plan), options);
  const params = model.params as Record<'text' | 'image', never>;
  const { text, image } = plan;
  return {
    ...(text && { text: { encoder: text.encoder(params.text), preprocess: text.preprocess } }),
    ...(image && { image: { encoder: image.encoder(params.image), preprocess: image.preprocess } }),
    ...(plan.logScale && { logitScale: Math.exp(scalarOf(model, 'logScale')) }),
    ...(plan.bias && { logitBias: scalarOf(model, 'bias') }),
    ...(plan.similarity && { similarity: plan.similarity }),
    weights: model,
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

function scalarOf(model: Model<Spec>, name: Scalar): number {
  return model.variables.get(name)!.dataSync()[0]!;
}
