// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../../vitest.shared.ts';

// Pictures are drawn by sharp, which is native.
export default testConfig({ nodeOnly: ['test/**/*.test.ts'] });
