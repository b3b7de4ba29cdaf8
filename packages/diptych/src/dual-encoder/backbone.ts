import type { Files } from '@diptych/files';
import { EmbeddingError } from '@diptych/core';
import type { Architecture, ArchitectureOptions, Modality, SpaceParts } from '../architecture.ts';
import { families } from '../families.ts';
import type { Plan, TowerPlan } from '../model-plan.ts';
import type { Tower } from '../tower.ts';
import type { FeatureTowerPlan } from './image-tower.ts';

/**
 * The frozen network in a folder of a model; `undefined` where none is.
 *
 * @param own The families of what `diptych train` and `align` write, which may be a backbone too.
 */
export async function openBackbone(
  files: Files,
  options: ArchitectureOptions,
  own: readonly Architecture[],
): Promise<SpaceParts | undefined> {
  for (const architecture of [...own, ...families]) {
    const parts = await architecture.open(files, options);
    if (parts) return parts;
  }
  return undefined;
}

interface Behind {
  readonly head: FeatureTowerPlan;
  /** What errors call the model. */
  readonly model: string;
}

/**
 * A frozen tower with a head behind it.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` where the head reads another number of features.
 */
export function behind<Item>(tower: Tower<Item>, modality: Modality, { head, model }: Behind): TowerPlan<Item> {
  const [inputs] = head.spec.weight.shape;
  const { encoder: frozen } = tower;
  if (frozen.dim !== inputs) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: `${model}: backbone`,
      expected: `${inputs} features`,
      got: frozen.dim,
    });
  }
  return ownTower(modality, head, (encoder) => ({
    ...tower,
    encoder: {
      dim: encoder.dim,
      variables: [...frozen.variables, ...encoder.variables],
      forward: (batch) => encoder.project(frozen.forward(batch)),
    },
  }));
}

/** A head whose network is not loaded: its arrays are checked, and nothing is made of them. */
export function headAlone<Item>(modality: Modality, head: FeatureTowerPlan): TowerPlan<Item> {
  return ownTower<unknown, Item>(modality, head, () => {
    throw new EmbeddingError('UNSUPPORTED', {
      where: modality,
      expected: 'a head with its network',
      got: 'a head alone',
    });
  });
}

/** The tower of an encoder that our own files hold, under the name of its modality. */
export function ownTower<E, Item>(
  modality: Modality,
  plan: Plan<E>,
  tower: (encoder: E) => Tower<Item>,
): TowerPlan<Item> {
  return {
    spec: plan.spec,
    names: { names: { '': { asIs: modality } } },
    make: (model, path) => tower(plan.make(model, path)),
  };
}
