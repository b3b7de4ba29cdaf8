import { fork } from 'node:child_process';
import { bundled, describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import type { Report } from './case.ts';
import { inTemporaryFolder } from './in-temporary-folder.ts';

/** Ends it where it hangs; the processor's own time is measured inside. */
const killMs = 280_000;

/** All inputs of a kind, one after the other in one process. */
async function reportOf(kind: string, env: NodeJS.ProcessEnv): Promise<Report> {
  const running = fork(bundled('test/hostile/child.ts'), [kind, goldenPath('zoo/kinds')], {
    execArgv: ['--expose-gc'],
    env,
    timeout: killMs,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let at = 'its start';
  let report: Report | undefined;
  let stderr = '';
  running.stderr!.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-2000)));
  running.on('message', (message: { readonly begun: string } | Report) => {
    if ('begun' in message) at = message.begun;
    else report = message;
  });
  const end = await new Promise<string>((resolve) => {
    running.on('close', (code, signal) => resolve(String(signal ?? code)));
  });
  if (report) return report;
  throw new Error(`${kind}: the process ended with ${end} at '${at}': ${stderr}`);
}

const kinds = {
  checkpoints: 50,
  pickles: 42,
  tables: 40,
  families: 180,
  tokenizers: 32,
  pictures: 25,
  hub: 14,
  stores: 8,
  arguments: 15,
  folders: 20,
} as const;

describeGolden('what means harm is refused, in 300 MB and 5 s, by a process that lives on', () => {
  it.each(Object.entries(kinds))(
    '%s: at least %i',
    async (kind, least) => {
      const { verdicts, peakMiB } = await inTemporaryFolder(async (env) => reportOf(kind, env));
      expect(verdicts.filter(({ problem }) => problem !== undefined)).toEqual([]);
      expect(verdicts.filter(({ seconds }) => seconds > 5)).toEqual([]);
      expect(peakMiB).toBeLessThanOrEqual(300);
      expect(verdicts.length).toBeGreaterThanOrEqual(least);
    },
    300_000,
  );
});
