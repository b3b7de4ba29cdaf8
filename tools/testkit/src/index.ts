export { describeBackends } from './backends.ts';
export { imageBatch, textBatch } from './batches.ts';
export { expectClose } from './close.ts';
export { expectLayer, type LayerForward, type LayerOptions } from './expect-layer.ts';
export { expectNoLeak } from './leaks.ts';
export { readManifest } from './manifest.ts';
export { openGolden } from './open-golden.ts';
export { numbers, readTensors } from './tensors.ts';
export { valuesOf } from './values-of.ts';
