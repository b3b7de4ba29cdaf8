import type { ClipTextConfig, SiglipTextConfig } from '@diptych/text-encoder';
import type { ConfigReader } from '@diptych/core';
import { layerNormEpsilon, openClipActivation, sizesOf } from './sizes.ts';

/** `text_cfg` of a model with CLIP's text transformer, with open_clip's defaults. */
export function openClipTextConfig(model: ConfigReader): ClipTextConfig {
  const text = model.object('text_cfg');
  return {
    ...sizesOf(text, { width: 512 }),
    ...tokens(model),
    heads: text.count('heads', 8),
    activation: openClipActivation(model, text),
    layerNormEpsilon: layerNormEpsilon(text),
    endOfText: text.string('pool_type', 'argmax') === 'eos' ? text.count('eos_id', 2) : 'largest',
    attention: text.flag('no_causal_mask', false) ? 'full' : 'causal',
  };
}

/**
 * `text_cfg` of a model with SigLIP's. Where `act_kwargs` do not say, its activation is the approximate GELU that the
 * model was trained with, as in transformers; open_clip itself takes the exact one for the first SigLIP, which moves
 * embeddings by about 1e-3.
 */
export function openSiglipTextConfig(model: ConfigReader): SiglipTextConfig {
  const text = model.object('text_cfg');
  return {
    ...sizesOf(text, { width: 512 }),
    ...tokens(model),
    heads: text.count('heads', 8),
    activation: text.has('act_kwargs') ? openClipActivation(model, text) : 'gelu_pytorch_tanh',
    layerNormEpsilon: layerNormEpsilon(text),
  };
}

function tokens(model: ConfigReader): { vocabSize: number; contextLength: number; dim: number } {
  const text = model.object('text_cfg');
  return {
    vocabSize: text.count('vocab_size', 49408),
    contextLength: text.count('context_length', 77),
    dim: model.count('embed_dim', 512),
  };
}
