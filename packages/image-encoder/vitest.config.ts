// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

// What a mistake gives is the same everywhere; a page of Chromium does not stand memory of this size beside those of other tests.
export default testConfig({
  nodeOnly: ['test/confusable.test.ts', 'test/real-size.test.ts'],
  prebundle: ['@diptych/nn > @tensorflow/tfjs-layers'],
});
