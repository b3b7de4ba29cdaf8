import type { Architecture } from '../architecture.ts';
import { laterFamily } from './later.ts';

/** SigLIP 2 of any resolution as Hugging Face publishes it: `config.json` of model type `siglip2`. */
export const hfNaflex: Architecture = laterFamily(
  'siglip2',
  ({ model_type: type }) => type === 'siglip2',
  async () => (await import('../later-networks.ts')).openNaflex,
);
