// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: ['test/process-listeners.test.ts', 'test/threads/processes.test.ts'],
  isolated: true,
});
