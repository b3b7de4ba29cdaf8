// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: ['test/training/kill.test.ts'],
  scripts: ['test/training/fit-child.ts'],
  prebundle: ['@diptych/nn > @tensorflow/tfjs-layers'],
});
