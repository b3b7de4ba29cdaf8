export { lancedbStore } from './node/lancedb/lancedb-store.ts';
