// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({ nodeOnly: ['test/**/*.test.ts'], scripts: ['src/main.ts'] });
