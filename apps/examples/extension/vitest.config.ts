// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../../vitest.shared.ts';

// The test serves the page and looks at it in Chromium.
export default testConfig({ nodeOnly: ['test/**/*.test.ts'] });
