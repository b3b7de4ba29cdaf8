import { mergeConfig } from 'vitest/config';
// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

// The tests of the page serve it and look at it in Chromium themselves.
export default mergeConfig(testConfig({ nodeOnly: ['test/**/*.test.ts'] }), {
  // Node embeds 500 photos too, on whatever machine.
  test: { globalSetup: ['./test/build.ts'], ...(process.env['DIPTYCH_LONG'] && { testTimeout: 900_000 }) },
});
