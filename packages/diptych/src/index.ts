export type { Architecture, ArchitectureOptions, Modality, SpaceParts, Tower } from './architecture.ts';
export { hfClip } from './hf/clip.ts';
export { openClip } from './open-clip/open-clip.ts';
export { type EmbedOptions, EmbeddingSpace, type EncodeOptions } from './embedding-space.ts';
export { architectures, open, type OpenOptions } from './open.ts';
export type { ClassifyOptions, Prediction } from './zero-shot.ts';
