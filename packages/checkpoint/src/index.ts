export type { ByteSource } from './byte-source.ts';
export { blobFiles, type ModelFiles } from './model-files.ts';
export { openCheckpoint } from './open-checkpoint.ts';
export { openSafetensors, type SafetensorsFile } from './safetensors.ts';
export { openTorchZip } from './torch/torch-zip.ts';
export { urlFiles, type UrlFilesOptions } from './url-files.ts';
