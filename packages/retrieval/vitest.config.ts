// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: [
    'test/store/{file-store,read-meta,file-store-damage,file-store-compaction,file-store-read-only,libsql-store,libsql-index,libsql-kept,libsql-scan,postgres-store,lancedb-store,lancedb-index,killed,indexed-db-killed,kept-index,lock,joined-sums}.test.ts',
    'test/postgres/*.test.ts',
  ],
  scripts: [
    'test/postgres/pglite-process.ts',
    ...['killed', 'concurrent', 'lock', 'full-disk', 'full-disk-index'].map((name) => `test/store/${name}-child.ts`),
  ],
  browserOnly: ['test/store/indexed-db-store.test.ts'],
});
