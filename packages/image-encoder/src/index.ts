export type { PatchGrid } from './patch-grid.ts';
export { vit, type Vit, type VitConfig, vitSpec, vitTokens } from './vit.ts';
export { hfClipVisionNames, openClipVisionNames } from './vit-names.ts';
export { mapHead, type MapHead, mapHeadSpec } from './map-head.ts';
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
