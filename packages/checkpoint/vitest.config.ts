// @boundaries-ignore one test configuration for the whole repository
import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  nodeOnly: [
    'test/beside.test.ts',
    'test/directory.test.ts',
    'test/file-source.test.ts',
    'test/hub*.test.ts',
    'test/replace-file.test.ts',
    'test/url-files-server.test.ts',
    'test/url-hostile.test.ts',
  ],
  browserOnly: ['test/browser-*.test.ts'],
});
