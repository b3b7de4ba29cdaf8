export type {
  Architecture,
  ArchitectureOptions,
  LoadedModel,
  Modality,
  PackagedModel,
  SpaceParts,
  TextAndAudio,
  TextAndImage,
} from './architecture.ts';
export {
  imageTower,
  type ImageTowerParts,
  type ReadOptions,
  textTower,
  type TextTowerParts,
  type Tower,
  type Towers,
} from './tower.ts';
export type { Prompts } from './prompts.ts';
export { configReader, type ConfigReader, EmbeddingError, type ErrorCode, type Problem } from '@diptych/core';
export type { Embeddings, Precision } from '@diptych/core';
export { blobFiles, type Files, type HubOptions } from '@diptych/files';
export { aligned } from './dual-encoder/aligned.ts';
export { dualEncoder, dualEncoderPlan, type DualEncoderPlan } from './dual-encoder/dual-encoder.ts';
export type { FeatureTowerPlan, ImageTowerPlan, PixelTowerPlan } from './dual-encoder/image-tower.ts';
export type { TextTowerPlan } from './dual-encoder/text-tower.ts';
export { hfChineseClip } from './hf/chinese-clip.ts';
export { hfClap } from './hf/clap.ts';
export { hfClip } from './hf/clip.ts';
export { hfDinov2 } from './hf/dinov2.ts';
export { hfJinaClip } from './hf/jina-clip.ts';
export { hfNaflex } from './hf/naflex.ts';
export { hfNomicVision } from './hf/nomic-vision.ts';
export { hfResnet } from './hf/resnet.ts';
export { hfSiglip } from './hf/siglip.ts';
export { hfVit } from './hf/vit.ts';
export { openClip } from './open-clip/open-clip.ts';
export type { ClassifyOptions, EmbedOptions, EncodeOptions, Many, TokenizeOptions } from './embed-options.ts';
export { EmbeddingSpace } from './embedding-space.ts';
export { architectures } from './architectures.ts';
export {
  type Colbert,
  type ColbertOptions,
  openColbert,
  type TokenOptions,
  type TokenPrecision,
} from './open-colbert.ts';
export { openTrainable, type Trainable, type TrainableOptions } from './open-trainable.ts';
export { download, type DownloadOptions, open, type OpenOptions } from './open.ts';
export { type KnownModel, knownModels, type RefusedModel, refusedModels } from './known-models.ts';
export { type LicenceOptions, modelLicence, type ModelLicence } from './model-licence.ts';
export type { ModelPair } from './model-pair.ts';
export type { ModelSource, SourceOptions } from './platform/source.ts';
export type { Prediction } from './zero-shot.ts';
export { hfBert, sentenceTransformers } from './sentence-transformers/sentence-transformers.ts';
export { tfjsMobileNet } from './tfjs/tfjs-mobilenet.ts';
