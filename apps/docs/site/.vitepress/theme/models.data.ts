import { type KnownModel, knownModels, type RefusedModel, refusedModels } from 'diptych';
import { type Published, published } from '../../../src/published.ts';
import { type Milliseconds, towerTimes } from '../../../src/speed.ts';

export interface ModelFacts {
  /** As `diptych models` tells them, with what is published and measured of them. */
  readonly models: readonly (KnownModel & Published)[];
  readonly refused: readonly RefusedModel[];
  /** Of CLIP ViT-B/32. */
  readonly times: { readonly image: Milliseconds; readonly text: Milliseconds };
}

export declare const data: ModelFacts;

export default {
  load: (): ModelFacts => ({
    models: knownModels.map((one) => ({ ...one, ...published[one.model] })),
    refused: refusedModels,
    times: { image: towerTimes('image b1'), text: towerTimes('text b1') },
  }),
};
