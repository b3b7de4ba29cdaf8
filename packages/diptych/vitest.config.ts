// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

// Names, shapes and what a mistake gives are the same everywhere, folders and the cache of the hub are on disk, others' frameworks are tried where they run; the heap can be collected and measured in Node only.
export default testConfig({
  browserOnly: ['test/url.test.ts'],
  nodeOnly: [
    'test/adapters/*.test.ts',
    'test/asked-files.test.ts',
    'test/binary-size.test.ts',
    'test/choose-backend.test.ts',
    'test/confusable-texts.test.ts',
    'test/readme.test.ts',
    'test/clap-manifest.test.ts',
    'test/real-manifests.test.ts',
    'test/real-width.test.ts',
    'test/hub.test.ts',
    'test/soak.test.ts',
    'test/zoo/settings.test.ts',
    'test/zoo/zoo-hub.test.ts',
  ],
  webgpu: ['test/families.test.ts', 'test/image-families.test.ts', 'test/merge-tokens.test.ts'],
  prebundle: ['@diptych/nn > @tensorflow/tfjs-layers', '@diptych/preprocessing > entities/decode'],
});
