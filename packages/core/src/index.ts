export {
  checkSignal,
  checkSize,
  expectDtype,
  expectFields,
  expectFunction,
  expectItems,
  expectList,
  expectListeners,
  expectMembers,
  expectObjects,
  expectPrecision,
  expectRows,
  expectText,
  expectTexts,
  expectVersion,
  kindOf,
} from './arguments.ts';
export { type Address, addressOf, withoutPasswords } from './address.ts';
export type { AudioBatch, Batch, FeatureBatch, ImageBatch, Preprocessor, TextBatch } from './batch.ts';
export type { Checkpoint, StoredTensor, TypedArray } from './checkpoint.ts';
export { classPrompts, classRows } from './class-rows.ts';
export { configReader, type ConfigReader, mostLayers } from './config-reader.ts';
export { cosineSimilarity } from './cosine-similarity.ts';
export type { Embeddings, EmbeddingData, Precision, TokenEmbeddings } from './embeddings.ts';
export type { Encoder, Fusion, Objective } from './encoder.ts';
export { EmbeddingError, type ErrorCode, type Problem } from './error.ts';
export type {
  FusedActivate,
  FusedActivateGrad,
  FusedActivation,
  FusedAdam,
  FusedBatchNorm,
  FusedBatchNormGrad,
  FusedConv2d,
  FusedDepthwiseConv2d,
  FusedKernels,
  FusedLayerNorm,
  FusedLayerNormGrad,
  FusedLinear,
  FusedLinearGrad,
  FusedPatchify,
  FusedRecurrent,
  FusedRecurrentGrad,
  FusedSelfAttention,
  FusedSelfAttentionGrad,
  LineSums,
  PairBlocks,
  PairSums,
  RunOver,
  ScoreBlock,
  ScorePasses,
} from './fused-kernels.ts';
export { orderSimilarity, type Similarity } from './order-similarity.ts';
export { batches, prefetch, type PrefetchOptions, turn, usable } from './stream.ts';
export { printable } from './printable.ts';
export type { JsonKind } from './judge-json.ts';
export { configJson, isObject, type Json, parseJson, parseJsonObject } from './parse-json.ts';
export type { DoubleMatrix, Eigen, LinearAlgebra } from './linear-algebra.ts';
export { dequantize, quantize } from './quantize.ts';
export { quote } from './quote.ts';
export { readBeside } from './read-beside.ts';
export { type NeutralValues, refuseSettings } from './refuse-settings.ts';
export type { ScoreKernel, ScoreProducts } from './score-kernel.ts';
export type { SearchKernel, SearchKernels, SearchPrecision, SearchProducts, SearchQueries } from './search-kernel.ts';
export type { SparseRows } from './sparse-rows.ts';
export { atOnce, inTurns, type Steps } from './steps.ts';
export { arriving, ask, blobOfBody, type BodyOptions, bytesOfBody, partsOfBody, type Patience } from './transfer.ts';
export { crc32 } from './numbers/crc32.ts';
export { floatTable } from './numbers/float-table.ts';
export { geluTanh, hiddenScore, largestCode, normalTail, quickGeluSlope } from './numbers/kernel-constants.ts';
export { pieces, pieceSize } from './numbers/pieces.ts';
export { seededRandom } from './numbers/random.ts';
export { type Ranked, reciprocalRankFusion } from './numbers/rank-fusion.ts';
export { columnMeans, inverseNorms, subtractRow, unitRows } from './numbers/rows.ts';
export { type Hit, TopK } from './numbers/top-k.ts';
export { type Packing, provideWeights, type WeightStore, weightStoreOf, type WeightType } from './weight-store.ts';
