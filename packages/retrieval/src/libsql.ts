export { libsqlStore } from './libsql/libsql-store.ts';
