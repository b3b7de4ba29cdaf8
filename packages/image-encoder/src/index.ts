export type { PatchGrid } from './image-batch.ts';
export { type RunBlocks, vit, type Vit, type VitConfig, vitSpec, vitTokens } from './vit.ts';
export { mergedTransformer } from './merged-transformer.ts';
export { hfClipVisionNames, openClipTimmVitNames, openClipVisionNames } from './vit-names.ts';
export {
  featureVit,
  type FeatureVit,
  type FeatureVitConfig,
  featureVitSpec,
  featureVitTokens,
  hfVitNames,
} from './feature-vit.ts';
export {
  convNext,
  type ConvNext,
  type ConvNextConfig,
  convNextMap,
  convNextSpec,
  openClipConvNextNames,
} from './convnext.ts';
export {
  eva02,
  type Eva02,
  type Eva02Config,
  eva02Spec,
  eva02Tokens,
  jinaClipVisionNames,
  openClipEva02Names,
} from './eva02.ts';
export { openClipPeCoreNames, peCore, type PeCore, type PeCoreConfig, peCoreSpec, peCoreTokens } from './pe-core.ts';
export {
  nomicVision,
  type NomicVision,
  type NomicVisionConfig,
  nomicVisionNames,
  nomicVisionSpec,
  nomicVisionTokens,
} from './nomic-vision.ts';
export { dinov2, type Dinov2, type Dinov2Config, dinov2Spec, dinov2Tokens, hfDinov2Names } from './dinov2.ts';
export { hfHtsatNames, htsat, type Htsat, type HtsatConfig, htsatSpec, htsatTokens } from './htsat.ts';
export { mapHead, type MapHead, mapHeadSpec } from './map-head.ts';
export {
  naflexVit,
  type NaflexVit,
  type NaflexVitConfig,
  naflexVitSpec,
  naflexVitTokens,
  type PatchBatch,
} from './naflex-vit.ts';
export { siglipVit, type SiglipVit, type SiglipVitConfig, siglipVitSpec, siglipVitTokens } from './siglip-vit.ts';
export { hfSiglipVisionNames, openClipSiglipVisionNames } from './siglip-vit-names.ts';
export {
  clipResnet,
  type ClipResnet,
  type ClipResnetConfig,
  clipResnetFeatures,
  clipResnetSpec,
  openClipResnetNames,
} from './clip-resnet.ts';
export type { ConvNetOptions, ConvUnit } from './conv-unit.ts';
export { resnet, type Resnet, type ResnetConfig, resnetFeatures, resnetSpec } from './resnet.ts';
export { hfResnetNames, torchvisionResnetNames } from './resnet-names.ts';
export { fastVit, type FastVit, type FastVitConfig, fastVitSpec } from './fastvit.ts';
export { openClipFastVitNames } from './fastvit-names.ts';
export {
  mobileClipVit,
  type MobileClipVit,
  type MobileClipVitConfig,
  mobileClipVitSpec,
  openClipMobileClipVitNames,
} from './mobileclip-vit.ts';
export { mobileNet, type MobileNet, type MobileNetConfig, mobileNetSpec, mobileNetV3SmallConfig } from './mobilenet.ts';
export { torchvisionMobileNetV2Names, torchvisionMobileNetV3Names } from './mobilenet-names.ts';
export { smallCnn, type SmallCnn, type SmallCnnConfig, smallCnnSpec } from './small-cnn.ts';
export { torchvisionVggNames, vgg, type Vgg, vgg19Config, type VggConfig, vggSpec } from './vgg.ts';
export {
  mobileNetV1,
  type MobileNetV1,
  type MobileNetV1Config,
  mobileNetV1Config,
  mobileNetV1Spec,
} from './mobilenet-v1.ts';
export { kerasMobileNetV1Names } from './mobilenet-v1-names.ts';
export {
  featureProjection,
  type FeatureProjectionConfig,
  featureProjectionSpec,
  vseImageNames,
} from './feature-projection.ts';
