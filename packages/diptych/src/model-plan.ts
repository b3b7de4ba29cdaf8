import type { Checkpoint, Encoder, ImageBatch, Preprocessor, Similarity, TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
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
import type { Image, ImageInput } from '@diptych/preprocessing/image';
import type { ArchitectureOptions, Modality, SpaceParts, TextAndAudio, TextAndImage } from './architecture.ts';
import { openWeights } from './open-weights.ts';
import { imageTower, textTower, type Tower } from './tower.ts';

/** A part of a model before its weights are there. What its parameters are is its own affair. */
export interface Plan<T, Options = void> {
  readonly spec: Spec;
  /** @param path Where the part's spec stands in the model's. */
  make(model: Pick<Model<Spec>, 'part'>, path: string, options: Options): T;
}

/** @param make Of the parameters that the spec describes. */
export function plan<S extends Spec, T, Options = void>(
  spec: S,
  make: (params: ParamsOf<S>, options: Options) => T,
): Plan<T, Options> {
  return { spec, make: (model, path, options) => make(model.part(spec, path), options) };
}

/** What the towers of a model are told when they are made. */
type TowerOptions = Pick<ArchitectureOptions, 'prompts'>;

/** A tower whose parameters have names in a checkpoint, of paths inside it. */
export interface TowerPlan<Item> extends Plan<Tower<Item>, TowerOptions> {
  readonly names: NameTable;
}

/** What a tower is planned of. */
interface TowerParts<S extends Spec, Raw, B> {
  readonly spec: S;
  readonly names: NameTable;
  readonly preprocess: Preprocessor<Raw, B>;
  readonly encoder: (params: ParamsOf<S>) => Encoder<B>;
}

export function textPlan<S extends Spec>(parts: TowerParts<S, string, TextBatch>): TowerPlan<string> {
  const { spec, names, preprocess, encoder } = parts;
  const make = (params: ParamsOf<S>, { prompts }: TowerOptions): Tower<string> =>
    textTower({ preprocess, prompts, encoder: encoder(params) });
  return { ...plan(spec, make), names };
}

export function imagePlan<S extends Spec>(parts: TowerParts<S, Image, ImageBatch>): TowerPlan<ImageInput> {
  const { spec, names, preprocess, encoder } = parts;
  const make = (params: ParamsOf<S>): Tower<ImageInput> => imageTower({ preprocess, encoder: encoder(params) });
  return { ...plan<S, Tower<ImageInput>, TowerOptions>(spec, make), names };
}

type Planned = TextAndImage & TextAndAudio;

/** A model before its weights are there. */
export interface ModelPlan {
  readonly towers: { readonly [M in keyof Planned]?: TowerPlan<Planned[M]> };
  /** Name of the array with the logarithm of the scale, which a model for retrieval has. */
  readonly logScale?: string;
  /** Name of the array with the bias, which a model trained with the sigmoid loss has. */
  readonly bias?: string;
  /** Default by cosine. */
  readonly similarity?: Similarity;
}

/** The parameters of every part of the plan. Training starts the scale at 1 / 0.07 and the bias at -10. */
export function planSpec({ towers, logScale, bias }: ModelPlan): Record<string, Spec> {
  return {
    ...eachTower(towers, ({ spec }) => spec),
    ...(logScale && { logScale: param([], constant(Math.log(1 / 0.07))) }),
    ...(bias && { bias: param([], constant(-10)) }),
  };
}

/** One table for the whole plan. */
export function planNames({ towers, logScale, bias }: ModelPlan): NameTable {
  const scalar = (name: string): NameTable => ({ names: { '': name } });
  return joinNames({
    ...eachTower(towers, ({ names }) => names),
    ...(logScale && { logScale: scalar(logScale) }),
    ...(bias && { bias: scalar(bias) }),
  });
}

/** The planned model with the weights in `files`, or in a checkpoint that is open already. */
export async function loadPlan(
  files: Files | Checkpoint,
  whole: ModelPlan,
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const given = 'names' in files ? files : await openWeights(files, options.signal);
  const checkpoint = (await options.adapt?.(given)) ?? given;
  const planned = onlyTower(whole, options.modality);
  if (options.filesOnly || planned !== whole) checkModel(planSpec(whole), checkpoint, planNames(whole), options);
  if (options.filesOnly) {
    await checkpoint.fetch?.();
    return { towers: {}, [Symbol.dispose]: () => {} };
  }
  const [spec, own] = [planSpec(planned), planNames(planned)];
  // What the other towers are made of was checked above.
  const names = planned === whole ? own : { ...own, ignore: [...checkpoint.names] };
  const model = await loadModel(spec, checkpoint, names, options);
  options.onModel?.({ model, spec, names, checkpoint });
  const { towers, logScale, bias, similarity } = planned;
  const kept: Disposable[] = [];
  const keep = (tower: Tower): Tower => {
    const encoder = options.onModel ? undefined : tower.encoder.keeping?.();
    if (!encoder) return tower;
    kept.push(encoder);
    return { ...tower, encoder };
  };
  return {
    towers: eachTower(towers, (tower, name) => keep(tower.make(model, name, options))),
    ...(logScale && { logitScale: Math.exp(scalarOf(model, 'logScale')) }),
    ...(bias && { logitBias: scalarOf(model, 'bias') }),
    ...(similarity && { similarity }),
    weights: model,
    [Symbol.dispose]: () => {
      for (const fold of kept) fold[Symbol.dispose]();
      model[Symbol.dispose]();
    },
  };
}

/** The plan with one of its towers, or whole where it lacks that. */
function onlyTower(whole: ModelPlan, modality: Modality | undefined): ModelPlan {
  const tower = modality && whole.towers[modality];
  return tower ? { ...whole, towers: { [modality]: tower } } : whole;
}

function eachTower<T>(
  towers: ModelPlan['towers'],
  value: (plan: TowerPlan<unknown>, name: string) => T,
): Readonly<Partial<Record<keyof Planned, T>>> {
  return Object.fromEntries(Object.entries(towers).map(([name, tower]) => [name, value(tower, name)]));
}

function scalarOf(model: Model<Spec>, name: 'logScale' | 'bias'): number {
  return model.variables.get(name)!.dataSync()[0]!;
}
