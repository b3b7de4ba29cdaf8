import type { Architecture } from '../architecture.ts';
import { laterFamily } from './later.ts';

/** Features of the vision transformer as Hugging Face publishes it, without its classifier: `config.json` of model type `vit`. */
export const hfVit: Architecture = laterFamily(
  'vit',
  ({ model_type: type }) => type === 'vit',
  async () => (await import('../later-networks.ts')).openVit,
);
