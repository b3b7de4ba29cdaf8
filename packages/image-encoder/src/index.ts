export type { PatchGrid } from './patch-grid.ts';
export { vit, type Vit, type VitConfig, vitSpec, vitTokens } from './vit.ts';
export { hfClipVisionNames, openClipVisionNames } from './vit-names.ts';
