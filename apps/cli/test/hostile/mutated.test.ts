import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bundled, describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { inTemporaryFolder } from './in-temporary-folder.ts';

/** What a script of this folder says, and whether it stayed within 300 MB. */
async function outcomeOf(script: string, ...args: readonly string[]): Promise<string> {
  const run = async (env: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [bundled(script), ...args], { env, maxBuffer: 2 ** 26, timeout: 280_000 });
  const { stdout, stderr } = await inTemporaryFolder(run);
  expect(Number(/peak (\d+) MiB/.exec(stderr)?.[1])).toBeLessThanOrEqual(300);
  return stdout;
}

describeGolden('configurations changed at random', () => {
  it.each([
    ['families', '40'],
    ['timm', '40'],
    ['beside', '20'],
    ['own', '40'],
    ['late', '40'],
  ])(
    '(%s) open, or are refused with a code, in 5 s of the processor, in 300 MB',
    async (which, count) => {
      expect(await outcomeOf('test/hostile/mutated.ts', goldenPath('zoo/kinds'), which, count)).toBe('');
    },
    300_000,
  );
});

describeGolden('2,040 parquet files with bytes changed at random', () => {
  it('give every row, what a bit did in the column it is in, or are refused with a code, in 300 MB', async () => {
    expect(await outcomeOf('test/hostile/mutated-parquet.ts', goldenPath('golden/ranx/test_data'), '340')).toBe('');
  }, 300_000);
});
