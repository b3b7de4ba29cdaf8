export { postgresStore } from './postgres/postgres-store.ts';
