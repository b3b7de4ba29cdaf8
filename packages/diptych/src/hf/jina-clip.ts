import type { Architecture } from '../architecture.ts';
import { laterFamily } from './later.ts';

/** The first Jina CLIP as Jina publishes it: `config.json` of model type `jina_clip`. */
export const hfJinaClip: Architecture = laterFamily(
  'jina_clip',
  ({ model_type: type }) => type === 'jina_clip',
  async () => (await import('../later-networks.ts')).openJinaClip,
);
