export { encodeSafetensors } from './encode-safetensors.ts';
export { openCheckpoint, transformersWeights } from './open-checkpoint.ts';
export { openSafetensors, type SafetensorsFile } from './safetensors.ts';
export { openTfjsWeights } from './tfjs/tfjs-weights.ts';
export { openTorchZip } from './torch/torch-zip.ts';
