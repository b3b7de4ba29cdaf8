import type { NameTable } from '@diptych/nn';

/** The entries of one batch norm by Keras's names of its arrays. */
function norm(path: string, layer: string): NameTable['names'] {
  return {
    [`${path}.weight`]: `${layer}/gamma`,
    [`${path}.bias`]: `${layer}/beta`,
    [`${path}.runningMean`]: `${layer}/moving_mean`,
    [`${path}.runningVariance`]: `${layer}/moving_variance`,
  };
}

/** Keras: `MobileNet`, whose filters are in our order of axes. Its classifier is not used. */
export const kerasMobileNetV1Names: NameTable = {
  names: {
    'stem.weight': { asIs: 'conv1/kernel' },
    ...norm('stemNorm', 'conv1_bn'),
    'blocks.*.depthwise.weight': { asIs: 'conv_dw_#/depthwise_kernel' },
    ...norm('blocks.*.depthwiseNorm', 'conv_dw_#_bn'),
    'blocks.*.pointwise.weight': { asIs: 'conv_pw_#/kernel' },
    ...norm('blocks.*.pointwiseNorm', 'conv_pw_#_bn'),
  },
  ignore: ['conv_preds/kernel', 'conv_preds/bias'],
};
