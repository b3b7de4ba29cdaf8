import { type KnownModel, knownModels, type RefusedModel, refusedModels } from 'diptych';
import { type ModelTimes, modelTimes } from '../../../src/model-times.ts';
import { type Published, published } from '../../../src/published.ts';

export interface ModelFacts {
  /** As `diptych models` tells them, with what is published and measured of them. */
  readonly models: readonly (KnownModel & Published)[];
  readonly refused: readonly RefusedModel[];
  readonly times: ModelTimes;
}

export declare const data: ModelFacts;

export default {
  load: (): ModelFacts => ({
    models: knownModels.map((one) => ({ ...one, ...published[one.model] })),
    refused: refusedModels,
    times: modelTimes(),
  }),
};
