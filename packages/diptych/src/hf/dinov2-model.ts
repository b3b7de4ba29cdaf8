import { type ConfigReader, refuseSettings } from '@diptych/core';
import { dinov2, type Dinov2Config, dinov2Spec, hfDinov2Names } from '@diptych/image-encoder';
import { imagePlan, loadPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { squareSide } from '../square-side.ts';
import { hfImageProcessor } from './image-processor.ts';
import { belowClassifier, type Opener } from './later.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTransformerConfig } from './transformer-config.ts';

const defaults = { width: 768, layers: 12, heads: 12, mlpWidth: 3072, activation: 'gelu', layerNormEpsilon: 1e-6 };

/** What transformers' classes, or the code that trained the networks, would do otherwise. */
const neutral = { qkv_bias: [true], interpolate_antialias: [true], interpolate_offset: [0] };

export const openDinov2: Opener = async (json, files, options) => {
  const config = dinov2Config(hfModelConfig(json, `${files.id}/config.json`));
  // Positions are those of larger images than the processor makes, and are resized for any.
  const fallback = {
    image_processor_type: 'BitImageProcessor',
    size: { shortest_edge: 256 },
    crop_size: 224,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
  };
  const largest = 4 * config.imageSize;
  const checkpoint = await openWeights(files, options.signal);
  const network = config.registers > 0 ? 'dinov2_with_registers' : 'dinov2';
  const image = imagePlan({
    spec: dinov2Spec(config),
    names: belowClassifier(network, hfDinov2Names(config), checkpoint),
    preprocess: await hfImageProcessor(files, { fallback, largest }, options.signal),
    encoder: (params) => dinov2(config, params),
  });
  return loadPlan(checkpoint, { towers: { image } }, options);
};

function dinov2Config(config: ConfigReader): Dinov2Config {
  refuseSettings(config, neutral);
  const sizes = hfTransformerConfig(config, defaults);
  const registered = config.string('model_type') === 'dinov2_with_registers';
  const hidden = Math.trunc(sizes.width * config.number('mlp_ratio', 4));
  const gated = config.flag('use_swiglu_ffn', false);
  return {
    ...sizes,
    // Two thirds of the numbers, in whole eights.
    mlpWidth: gated ? Math.ceil(Math.trunc((hidden * 2) / 3) / 8) * 8 : hidden,
    activation: gated ? 'swiglu' : sizes.activation,
    imageSize: squareSide(config, 'image_size', 224),
    patchSize: squareSide(config, 'patch_size', registered ? 16 : 14),
    registers: registered ? config.count('num_register_tokens', 4) : 0,
    // transformers resizes with antialias where there are registers alone; that is open_clip's way.
    positionResize: registered ? 'open_clip' : 'hf',
  };
}
