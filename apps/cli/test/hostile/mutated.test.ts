import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';

const script = new URL('./mutated.ts', import.meta.url).pathname;
const flags = ['--conditions=@diptych/source', '--import', 'tsx', script];

describeGolden('configurations changed at random', () => {
  it.each([
    ['families', '40'],
    ['beside', '20'],
  ])(
    '(%s) open, or are refused with a code, in 5 s of the processor, in 300 MB',
    async (which, count) => {
      const args = [...flags, goldenPath('zoo/kinds'), which, count];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
      expect(stdout).toBe('');
      expect(Number(/peak (\d+) MiB/.exec(stderr)?.[1])).toBeLessThanOrEqual(300);
    },
    300_000,
  );
});
