import type { TransformerConfig } from '@diptych/nn';
import { type ConfigReader, mostLayers } from '@diptych/core';

/** What open_clip's transformers of both modalities say alike. */
export function sizesOf(
  tower: ConfigReader,
  defaults: { readonly width: number },
): Pick<TransformerConfig, 'width' | 'layers' | 'mlpWidth'> {
  const width = tower.count('width', defaults.width);
  return {
    width,
    layers: tower.count('layers', 12, mostLayers),
    mlpWidth: Math.trunc(width * tower.number('mlp_ratio', 4)),
  };
}

/**
 * The activation of a tower of CLIP's own. `act_kwargs` are arguments of the exact GELU, of which one is known.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for other arguments, and for any of the quick GELU, which takes none.
 */
export function openClipActivation(model: ConfigReader, tower: ConfigReader): string {
  const given = tower.object('act_kwargs');
  if (model.flag('quick_gelu', false)) {
    given.only();
    return 'quick_gelu';
  }
  given.only('approximate');
  return given.choice('approximate', { none: 'gelu', tanh: 'gelu_pytorch_tanh' }, 'none');
}

/** `norm_kwargs` are arguments of the layer norm, of which one is known. */
export function layerNormEpsilon(tower: ConfigReader): number {
  const given = tower.object('norm_kwargs');
  given.only('eps');
  return given.number('eps', 1e-5);
}
