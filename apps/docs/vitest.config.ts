// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';
import { siteBlocks } from './src/site-blocks.ts';

// Blocks of the site are run, and the site that was built is looked at in Chromium.
const config = testConfig({ nodeOnly: ['test/**/*.test.ts'] });
export default { ...config, plugins: [siteBlocks(), ...(config.plugins ?? [])] };
