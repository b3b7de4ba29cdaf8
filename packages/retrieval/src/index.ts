export { exactSearch, type ExactOptions } from './exact-search.ts';
export { int8Search, type Int8Options } from './int8-search.ts';
export type { Kernel, KernelPrecision, Products } from './kernel.ts';
export { prefixSearch, type PrefixOptions } from './prefix-search.ts';
export type { RerankOptions } from './reranked-search.ts';
export type { Metric } from './scores.ts';
export type { Hit, Searcher, SearchOptions } from './searcher.ts';
export { signSearch, type SignOptions } from './sign-search.ts';
