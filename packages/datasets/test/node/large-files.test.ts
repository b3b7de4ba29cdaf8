import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('files of over 2 GiB are read at their end, at once, and behind an entry of 3 GiB', async () => {
  const child = fileURLToPath(new URL('large-files-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@diptych/source',
    '--import',
    'tsx',
    child,
  ]);
  expect(JSON.parse(stdout)).toEqual({
    lastRow: [600_000, 1024, 1024, 0, 7.5],
    atOnce: [2 ** 31 + 64, 7.5],
    behind: ['x.tar/b', 'behind'],
  });
}, 300_000);
