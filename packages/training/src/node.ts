export { type AlignedFile, alignFile, type AlignFileOptions } from './node/align-file.ts';
export { trainFile, type TrainFileOptions } from './node/train-file.ts';
