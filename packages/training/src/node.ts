export { type AlignedFile, alignFile, type AlignFileOptions } from './node/align-file.ts';
export { tuneFile, type TuneFileOptions } from './node/tune-file.ts';
export type { RunOptions } from './node/run-options.ts';
export { trainFile, type TrainFileOptions } from './node/train-file.ts';
