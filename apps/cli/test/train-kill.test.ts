import { mkdir, readFile, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { spawnCli } from './spawn-cli.ts';
import { colourData, configFile, onFeatures } from './training-data.ts';

/** Resolves when so many states were begun to be written in a folder. */
async function statesBegun(folder: string, count: number, signal: AbortSignal): Promise<void> {
  let begun = 0;
  for await (const { filename, eventType } of watch(folder, { signal })) {
    // Linux tells of the file's beginning and of its renaming.
    if (filename === 'checkpoint.safetensors.partial' && eventType === 'rename') begun += 0.5;
    if (begun > count - 1) return;
  }
}

it('a training that is killed and resumed ends with the same bits', { timeout: 300_000 }, async () => {
  const folder = await colourData();
  const config = await configFile(folder, { ...onFeatures, epochs: 8, average: 0.9, saveEvery: 1 });
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  expect(await runCli(['train', config, '--output', whole])).toMatchObject({ code: 0 });

  await mkdir(killed);
  for (const count of [3, 9, 6]) {
    const stop = new AbortController();
    const moment = statesBegun(killed, count, stop.signal);
    const { child, ended } = spawnCli(['train', config, '--output', killed, '--resume']);
    await Promise.race([moment, ended]);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: 'SIGKILL' });
    stop.abort();
  }
  const rest = await runCli(['train', config, '--output', killed, '--resume']);
  expect(rest).toMatchObject({ code: 0, stderr: expect.not.stringContaining('taking the state before') });
  const files = ['model.safetensors', 'checkpoint.safetensors', 'metrics.json', 'rsum.svg'];
  const same = files.map(async (name) =>
    (await readFile(join(killed, name))).equals(await readFile(join(whole, name))),
  );
  expect(await Promise.all(same)).toEqual(files.map(() => true));
});
