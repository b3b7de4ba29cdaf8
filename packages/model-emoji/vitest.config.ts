// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

// Every picture is read from disk.
export default testConfig({
  nodeOnly: ['test/readme.test.ts', 'test/targets.test.ts', 'test/training.test.ts'],
  prebundle: ['@diptych/nn > @tensorflow/tfjs-layers'],
});
