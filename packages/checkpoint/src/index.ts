export { dequantized } from './dequantized.ts';
export { encodeSafetensors } from './encode-safetensors.ts';
export { openCheckpoint, transformersWeights } from './open-checkpoint.ts';
export { openSafetensors, type SafetensorsFile } from './safetensors.ts';
export { openTorchZip } from './open-torch-zip.ts';
export { openTfjsWeights } from './tfjs/tfjs-weights.ts';
export { quantized } from './quantized.ts';
export { rewriteSafetensors } from './rewrite-safetensors.ts';
