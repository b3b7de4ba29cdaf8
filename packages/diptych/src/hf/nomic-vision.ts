import type { Architecture } from '../architecture.ts';
import { laterFamily } from './later.ts';

/** The image network of Nomic Embed as nomic-ai publishes it: `config.json` of model type `nomic_bert` that has the size of an image. */
export const hfNomicVision: Architecture = laterFamily(
  'nomic_vision',
  ({ model_type: type, img_size: size }) => type === 'nomic_bert' && size !== undefined,
  async () => (await import('../later-networks.ts')).openNomicVision,
);
