// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: ['test/**'],
  scripts: [
    'src/main.ts',
    'test/colour-architecture.ts',
    ...['child', 'mutated', 'mutated-parquet'].map((name) => `test/hostile/${name}.ts`),
  ],
});
