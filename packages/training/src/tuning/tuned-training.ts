import type { UpdateRule } from '@diptych/alignment';
import { EmbeddingError, expectMembers, type ImageBatch } from '@diptych/core';
import type { Sample } from '@diptych/datasets';
import { initializeModel, type Model, type Spec } from '@diptych/nn';
import type { Image } from '@diptych/preprocessing/image';
import * as tf from '@tensorflow/tfjs-core';
import { loadImage } from '#load-image';
import type { Augmentation } from '../augment/augmentation.ts';
import { changing } from '../augment/augmented.ts';
import type { DualTraining, Side } from '../dual-batch.ts';
import { classesOf, type DualTrainingOptions } from '../dual-training.ts';
import { lossSpec } from '../losses/loss-plan.ts';
import { objective } from '../objective.ts';
import { layerPlaces } from './layer-places.ts';
import { loraSites, loraSpec, type LoraWeights, loraWeights } from './lora.ts';
import type { Tunable, TunableTower } from './tunable.ts';
import type { Tuning } from './tuning.ts';

/** A published model that is being trained. The model is its opener's, to be disposed of after the training. */
export interface TunedTraining extends DualTraining {
  /** What stands for each parameter of the model that a run changes, by its path. */
  readonly trained: ReadonlyMap<string, tf.Variable>;
  /** Whether the image tower stays as it is. */
  readonly imagesStay: boolean;
  /** The rule, with the learning rate of each variable's layer. */
  readonly layered: (rule: UpdateRule) => UpdateRule;
}

export interface TunedTrainingOptions extends Pick<DualTrainingOptions, 'loss' | 'classes' | 'augment' | 'seed'> {
  readonly base: Tunable;
  readonly tuning: Tuning;
}

/** Learned by losses and stored by models. */
const shared = ['logScale', 'bias'] as const;

/**
 * The towers of a published model and a loss, whose scale and bias begin where the model's are.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a loss that needs labels, without their number; `UNSUPPORTED` for one that
 *   compares rows otherwise than the model.
 */
export function tunedTraining(options: TunedTrainingOptions): TunedTraining {
  expectMembers(options, 'tunedTraining: options', 'base', 'tuning', 'loss');
  const { base, tuning, loss, seed } = options;
  expectMembers(base, 'tunedTraining: base', 'towers', 'variables', 'placements');
  const { text, image } = base.towers;
  const compared = loss.similarity ?? 'cosine';
  if (compared !== base.similarity) {
    const where = `${base.id}: loss`;
    throw new EmbeddingError('UNSUPPORTED', {
      where,
      expected: `one that compares by ${base.similarity}`,
      got: compared,
    });
  }
  const places = layerPlaces(base.placements.map(({ path }) => path));
  const sites = tuning.lora ? loraSites(base, tuning.lora, places) : [];
  const learned = lossSpec(loss, { dim: text.encoder.dim, classes: classesOf(options) });
  const model = initializeModel<Spec>({ ...learned, ...(tuning.lora && { lora: loraSpec(sites, tuning.lora) }) }, seed);
  const own = shared.flatMap((name) => {
    const [ours, theirs] = [model.variables.get(`loss.${name}`), base.variables.get(name)];
    if (ours && theirs) tf.tidy(() => ours.assign(tf.reshape(theirs, ours.shape)));
    return ours && theirs ? [[name, ours] as const] : [];
  });
  const moved = [...base.variables].filter(([path, { trainable }]) => {
    return trainable && /^(text|image)\./.test(path) && tuning.moves(path, places.get(path)!);
  });
  // An adapter has no place for what else the model stores.
  const fixed = new Set(tuning.lora?.alone ? own.map(([, variable]) => variable) : []);
  const learning = [...model.variables].filter(([, variable]) => !fixed.has(variable));
  const variables = new Map([...moved, ...learning]);
  const lora = tuning.lora && loraWeights(sites, tuning.lora, { base, model });
  const rates = [
    ...moved.map(([path, variable]) => [variable, rateOf(tuning, places, path)] as const),
    ...sites.flatMap(({ path, module }) =>
      ['A', 'B'].map((one) => [model.variables.get(`lora.${module}.${one}`)!, rateOf(tuning, places, path)] as const),
    ),
  ];
  const dispose = () => {
    lora?.[Symbol.dispose]();
    model.dispose();
  };
  return {
    variables,
    trained: new Map([...moved, ...(lora?.weights ?? []), ...own.filter(([, variable]) => !fixed.has(variable))]),
    imagesStay: ![...moved.map(([path]) => path), ...sites.map(({ path }) => path)].some((path) =>
      path.startsWith('image.'),
    ),
    layered: (rule) => layered(rule, new Map(rates)),
    images: side(image, imageReader(image, options.augment)),
    texts: side(text, (caption) => caption),
    similarity: base.similarity,
    ...(lora ? adapted(lora, options, { model, learning }) : objective(loss, model, variables)),
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** As `objective`, of the weights with their adapters, of which the gradients are. */
function adapted(
  { weights, merge, chain }: LoraWeights,
  { loss }: TunedTrainingOptions,
  { model, learning }: { readonly model: Model<Spec>; readonly learning: readonly (readonly [string, tf.Variable])[] },
): Pick<DualTraining, 'gradients' | 'inspect' | 'settle'> {
  const own = learning.filter(([name]) => !name.startsWith('lora.'));
  const { gradients, inspect } = objective(loss, model, new Map([...weights, ...own]));
  return {
    gradients(batches, progress) {
      merge();
      return chain(gradients(batches, progress));
    },
    inspect(batch, progress) {
      merge();
      return inspect(batch, progress);
    },
    settle: merge,
  };
}

function rateOf({ layerDecay }: Tuning, places: ReturnType<typeof layerPlaces>, path: string): number {
  const { layer, layers } = places.get(path)!;
  return layerDecay ** (layers + 1 - layer);
}

/** @param rates By the variable that is moved; 1 for any other. */
function layered(rule: UpdateRule, rates: ReadonlyMap<tf.Tensor, number>): UpdateRule {
  return {
    memory: rule.memory,
    update: (input) => {
      return rule.update({ ...input, learningRate: input.learningRate * (rates.get(input.value) ?? 1) });
    },
  };
}

/** Images as their tower reads them, changed at random where they have a seed. */
function imageReader(tower: Tunable['towers']['image'], augment?: Augmentation) {
  const read = async (item: Uint8Array | Image, signal?: AbortSignal) => tower.read?.(item, { signal }) ?? item;
  const all = async (images: readonly Image[]) =>
    tower.preprocess(await Promise.all(images.map(async (image) => read(image))));
  const change = augment && changing(augment, all);
  return async ({ image: load }: Sample, signal?: AbortSignal, seed?: number): Promise<unknown> => {
    const bytes = await load(signal);
    if (seed === undefined || !change) return read(bytes, signal);
    // What the tower reads of an image is its own affair.
    const reading = async ([pixels]: readonly Image[]) =>
      read(await change(pixels!, seed), signal) as Promise<ImageBatch>;
    return loadImage(bytes, reading, { signal });
  };
}

/** Statistics of normalisations stay as they are, so that a tower is trained as it is used. */
function side<Item>(
  { encoder, preprocess }: Pick<TunableTower<never>, 'encoder' | 'preprocess'>,
  read: (item: Item, signal?: AbortSignal, seed?: number) => unknown,
): Side<Item> {
  return {
    async load(items, signal, seeds) {
      const raws = await Promise.all(items.map(async (item, i) => read(item, signal, seeds?.[i])));
      const batch = await preprocess(raws, signal);
      return () => encoder.forward(batch);
    },
  };
}
