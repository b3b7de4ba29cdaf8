// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

// Word vectors, WordNet and photos are read from disk.
export default testConfig({
  nodeOnly: ['test/building.test.ts', 'test/readme.test.ts', 'test/targets.test.ts'],
  prebundle: ['@diptych/nn > @tensorflow/tfjs-layers'],
});
