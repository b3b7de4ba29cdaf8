export { clusters, type ClusterOptions, type Clusters } from './clusters.ts';
export { everydayWords } from './clusters/everyday-words.ts';
export { type Clustered, clusterMembers, type Members, suggestedClusters } from './clusters/members.ts';
export { nameClusters, type Vocabulary } from './clusters/name-clusters.ts';
export { compileFilter, type Predicate } from './compile-filter.ts';
export { copyStore, type CopyOptions } from './copy-store.ts';
export { byWorth, type Copy, type Worth, worthOver } from './copies.ts';
export { type DuplicateOptions, duplicates } from './duplicates.ts';
export { type MinedPair, mineNegatives, type MiningOptions } from './mine-negatives.ts';
export { exactSearch, type ExactOptions } from './exact-search.ts';
export type { Filter } from './filter.ts';
export { indexedDbStore } from './indexed-db/indexed-db-store.ts';
export { int8Search, type Int8Options } from './int8-search.ts';
export { maxSim, type MaxSimOptions, maxSimSearch, type MaxSimSearcher, type MaxSimSearchOptions } from './max-sim.ts';
export { memoryStore, type MemoryStoreOptions } from './memory-store.ts';
export type { Fields, Metadata, Value } from './metadata.ts';
export { prefixSearch, type PrefixOptions } from './prefix-search.ts';
export { type ParsedQuery, parseQuery, queryRow } from './query.ts';
export type { RerankOptions } from './reranked-search.ts';
export type { Metric } from './scores.ts';
export type { Hit } from '@diptych/core';
export type { Searcher, SearchOptions } from './searcher.ts';
export { storageStore } from './storage-store.ts';
export type {
  Block as StorageBlock,
  Item as StorageItem,
  RowStorage,
  StorageSearchOptions,
  Wanted as StorageQuery,
  WantedByIndex as StorageIndexQuery,
} from './store/row-storage.ts';
export { signSearch, type SignOptions } from './sign-search.ts';
export type {
  DamagedPart,
  Engine,
  IndexRecall,
  IndexSearchOptions,
  Recovery,
  Store,
  StoreConfig,
  StoredRow,
  StoredEntries,
  StoredRows,
  StoreHit,
  StoreSearchOptions,
} from './store.ts';
