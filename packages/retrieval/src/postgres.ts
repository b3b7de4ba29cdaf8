export { postgresStore } from './node/postgres/postgres-store.ts';
