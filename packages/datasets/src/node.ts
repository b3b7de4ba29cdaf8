export { captionData, type CaptionDataOptions } from './node/caption-data.ts';
export { type NpyWriter, npyWriter } from './node/npy-writer.ts';
export { type RowNames, writeNames } from './node/write-names.ts';
