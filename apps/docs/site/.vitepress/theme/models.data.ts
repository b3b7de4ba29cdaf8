import { type RefusedModel, refusedModels } from 'diptych';
import { models, type PublishedModel } from '../../../src/models.ts';

export interface ModelFacts {
  readonly models: readonly PublishedModel[];
  /** As `diptych models` tells them. */
  readonly refused: readonly RefusedModel[];
}

export declare const data: ModelFacts;

export default {
  load: (): ModelFacts => ({ models, refused: refusedModels }),
};
