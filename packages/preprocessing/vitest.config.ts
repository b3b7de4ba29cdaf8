// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: ['test/node/**'],
  scripts: ['test/node/hostile-child.ts'],
  prebundle: ['fflate', 'geotiff'],
});
