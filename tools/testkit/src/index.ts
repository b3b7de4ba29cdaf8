export { describeBackends } from './backends.ts';
export { expectClose } from './close.ts';
export { expectNoLeak } from './leaks.ts';
export { readTensors } from './tensors.ts';
