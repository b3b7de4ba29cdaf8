// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  // It mocks the package that it asks for.
  nodeOnly: ['test/autodiff.test.ts'],
  prebundle: ['@tensorflow/tfjs-layers'],
});
