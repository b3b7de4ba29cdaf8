// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

// The README opens a folder by its path; the heap can be collected and measured in Node only.
export default testConfig({
  nodeOnly: ['test/readme.test.ts', 'test/soak.test.ts'],
  prebundle: ['@diptych/nn > @tensorflow/tfjs-layers'],
});
