export { postgresStore } from './node/postgres/postgres-store.ts';
export type { PostgresOptions } from './node/postgres/postgres-options.ts';
