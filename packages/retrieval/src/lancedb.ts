export { lancedbStore } from './lancedb/lancedb-store.ts';
