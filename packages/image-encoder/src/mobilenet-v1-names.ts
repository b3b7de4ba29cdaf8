import type { NameTable } from '@diptych/nn';

/** Keras: `MobileNet`, also as converted for TensorFlow.js. Its filters are in our order of axes. The classifier is left. */
export const kerasMobileNetV1Names: NameTable = {
  names: {
    'stem.conv.weight': { asIs: 'conv1/kernel' },
    ...normNames('stem.norm', 'conv1_bn'),
    'blocks.*.depthwise.conv.weight': { asIs: 'conv_dw_#/depthwise_kernel' },
    ...normNames('blocks.*.depthwise.norm', 'conv_dw_#_bn'),
    'blocks.*.pointwise.conv.weight': { asIs: 'conv_pw_#/kernel' },
    ...normNames('blocks.*.pointwise.norm', 'conv_pw_#_bn'),
  },
  ignore: ['conv_preds/kernel', 'conv_preds/bias'],
};

function normNames(path: string, layer: string): NameTable['names'] {
  return {
    [`${path}.weight`]: `${layer}/gamma`,
    [`${path}.bias`]: `${layer}/beta`,
    [`${path}.runningMean`]: `${layer}/moving_mean`,
    [`${path}.runningVariance`]: `${layer}/moving_variance`,
  };
}
