import { codeFiles, type Files } from '@diptych/files';
import { modelType } from '../config.ts';
import { config } from './config.ts';

/** The configuration, which is code, and the weights, which lie beside it. */
export const weightFiles: Files['open'] = codeFiles({
  name: '@diptych/model-emoji',
  config: { model_type: modelType, ...config },
  weights: () => new URL('./model.safetensors', import.meta.url),
});
