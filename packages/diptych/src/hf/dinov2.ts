import type { Architecture } from '../architecture.ts';
import { laterFamily } from './later.ts';

/** DINOv2, with registers or without, as Hugging Face publishes it: `config.json` of model type `dinov2` or `dinov2_with_registers`. */
export const hfDinov2: Architecture = laterFamily(
  'dinov2',
  ({ model_type: type }) => type === 'dinov2' || type === 'dinov2_with_registers',
  async () => (await import('../later-networks.ts')).openDinov2,
);
