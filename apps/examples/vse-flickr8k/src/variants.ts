import { adversarial, contrastive, hardestHinges, hinges, type Method } from './methods.ts';

/** The losses, by their names in the report. */
export const variants: Readonly<Record<string, Method>> = {
  VSE0: hinges,
  'VSE++': hardestHinges,
  'CLIP loss': contrastive,
  'VSE++ adversarial': adversarial(hardestHinges),
};
