export type { ByteSource } from './byte-source.ts';
export { blobFiles, type ModelFiles } from './model-files.ts';
export { openCheckpoint } from './open-checkpoint.ts';
export { openSafetensors } from './safetensors.ts';
export { urlFiles } from './url-files.ts';
