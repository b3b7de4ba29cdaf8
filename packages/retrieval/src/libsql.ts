export { libsqlStore } from './node/libsql/libsql-store.ts';
