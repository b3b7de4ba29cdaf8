export type { ImageBatch, Preprocessor, TextBatch } from './batch.ts';
export type { Checkpoint, StoredTensor, TypedArray } from './checkpoint.ts';
export { cosineSimilarity } from './cosine-similarity.ts';
export type { Embeddings, EmbeddingData, Precision } from './embeddings.ts';
export type { Encoder, Fusion, Objective } from './encoder.ts';
export { EmbeddingError, type ErrorCode } from './error.ts';
export type {
  FusedActivate,
  FusedActivation,
  FusedKernels,
  FusedLayerNorm,
  FusedLinear,
  FusedPatchify,
  FusedSelfAttention,
} from './fused-kernels.ts';
export { dequantize, quantize } from './quantize.ts';
