import type { TransformerConfig } from '@diptych/nn';
import type { ConfigReader } from '../config-reader.ts';

/** What open_clip's transformers of both modalities say alike. */
export function sizesOf(
  tower: ConfigReader,
  defaults: { readonly width: number },
): Pick<TransformerConfig, 'width' | 'layers' | 'mlpWidth'> {
  const width = tower.count('width', defaults.width);
  return { width, layers: tower.count('layers', 12), mlpWidth: Math.trunc(width * tower.number('mlp_ratio', 4)) };
}

/** The activation of CLIP's own towers. */
export function openClipActivation(model: ConfigReader): 'quick_gelu' | 'gelu' {
  return model.flag('quick_gelu', false) ? 'quick_gelu' : 'gelu';
}
