// What few pages need, in one file of a bundle, which is loaded with the first model of one: each by itself would cut
// what all share into many small files, which every page loads and which compress apart.
export { openClap } from './hf/clap-model.ts';
export { openDinov2 } from './hf/dinov2-model.ts';
export { openJinaClip } from './hf/jina-clip-model.ts';
export { openNaflex } from './hf/naflex-model.ts';
export { openNomicVision } from './hf/nomic-vision-model.ts';
export { openVit } from './hf/vit-model.ts';
export { loadColbert } from './late/load-colbert.ts';
export { hfTextPlan } from './open-clip/hf-text-plan.ts';
export { timmTowerPlan } from './open-clip/timm-towers.ts';
export { loadNetwork } from './sentence-transformers/load-network.ts';
export { opensChanged } from './opens-changed.ts';
