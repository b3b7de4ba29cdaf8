// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../../vitest.shared.ts';

// The test starts the program.
export default testConfig({ nodeOnly: ['test/**/*.test.ts'] });
