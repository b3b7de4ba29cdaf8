export { prefetch, type PrefetchOptions } from '@diptych/core';
export type { Column, Columns, Row } from './formats/columns.ts';
export { csv, type CsvOptions } from './formats/csv.ts';
export { jsonLines } from './formats/json-lines.ts';
export { karpathy, type KarpathyOptions } from './formats/karpathy.ts';
export { type NpyRows, openNpy } from './formats/npy.ts';
export { parquet, type ParquetOptions } from './formats/parquet/parquet.ts';
export type { TableOptions } from './formats/table.ts';
export { tokenFile, type TokenFileOptions } from './formats/token-file.ts';
export { webdataset, type WebdatasetOptions } from './formats/webdataset.ts';
export { groupBatches, type GroupBatchesOptions } from './order/group-batches.ts';
export { inSplit } from './order/in-split.ts';
export { type Pair, pairs, type PairsOptions } from './order/pairs.ts';
export { sameGroup } from './order/same-group.ts';
export {
  permutation,
  shuffled,
  shuffleStream,
  type ShuffleOptions,
  type ShuffleStreamOptions,
} from './order/shuffle.ts';
export type { ReadOptions } from './read-samples.ts';
export type { Sample } from './sample.ts';
