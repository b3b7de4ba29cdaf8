export type { ByteSource } from './byte-source.ts';
export { blobFiles, type ModelFiles } from './model-files.ts';
export { openSafetensors, type SafetensorsFile } from './safetensors.ts';
