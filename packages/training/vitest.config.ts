// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: ['test/node/**'],
  prebundle: [
    '@diptych/nn > @tensorflow/tfjs-layers',
    '@diptych/preprocessing > entities/decode',
    '@tensorflow/tfjs-backend-cpu',
  ],
});
