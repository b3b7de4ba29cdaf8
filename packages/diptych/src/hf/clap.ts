import type { Architecture, TextAndAudio } from '../architecture.ts';
import { laterFamily } from './later.ts';

/** CLAP, of texts and sounds, as Hugging Face publishes it: `config.json` of model type `clap`. */
export const hfClap: Architecture<TextAndAudio> = laterFamily(
  'clap',
  ({ model_type: type }) => type === 'clap',
  async () => (await import('../later-networks.ts')).openClap,
);
