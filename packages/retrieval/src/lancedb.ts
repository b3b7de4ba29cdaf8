export type { LancedbOptions } from './node/lancedb/lancedb-options.ts';
export { lancedbStore } from './node/lancedb/lancedb-store.ts';
