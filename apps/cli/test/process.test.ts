import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spawnCli, untilStderr } from './spawn-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

/** A workspace with twelve photos and the arguments of a search that embeds three at a time. */
async function searchable() {
  const workspace = await colourWorkspace(['red', 'green']);
  for (let i = 0; i < 10; i++) await plainImage(join(workspace.folder, `${i}.png`), colours.blue);
  const { folder, modelArgs, root } = workspace;
  const args = ['search', ...modelArgs, '--images', folder, '--batch-size', '3', '--top-k', '100', 'red'];
  return { ...workspace, args, log: join(root, 'seen') };
}

/** Images embedded so far, without the probe of the index. */
const embedded = async (log: string) => (await readFile(log, 'utf8')).split('image').length - 2;

it('goes on after kill -9 where it stopped', async () => {
  const { args, log } = await searchable();
  const first = spawnCli(args, { COLOUR_HANG_AFTER: '8' });
  await untilStderr(first, 'hanging');
  first.child.kill('SIGKILL');
  expect(await first.ended).toMatchObject({ code: 'SIGKILL', stdout: '' });

  const second = await spawnCli(args, { COLOUR_LOG: log }).ended;
  expect(second).toMatchObject({ code: 0, stderr: '' });
  expect(second.stdout.trim().split('\n')).toHaveLength(12);
  expect(await embedded(log)).toBe(6); // Seven were seen before: the probe and two batches of three.
});

it('ends with 130 on SIGINT, keeps what is embedded and leaves no lock', async () => {
  const { args, log } = await searchable();
  const first = spawnCli(args, { COLOUR_HANG_AFTER: '8' });
  await untilStderr(first, 'hanging');
  first.child.kill('SIGINT');
  expect(await first.ended).toMatchObject({
    code: 130,
    stdout: '',
    stderr: 'hanging\ndiptych: interrupted by SIGINT\n',
  });

  expect(await spawnCli(args, { COLOUR_LOG: log }).ended).toMatchObject({ code: 0 });
  expect(await embedded(log)).toBe(6);
});

it('does not share an index with a run that still writes it', async () => {
  const { args } = await searchable();
  const first = spawnCli(args, { COLOUR_HANG_AFTER: '8' });
  await untilStderr(first, 'hanging');
  const second = await spawnCli(args).ended;
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(`in use by process ${first.child.pid}`);
});

it('embeds what it can of a list until it is interrupted', async () => {
  const { modelArgs, folder, root } = await searchable();
  const output = join(root, 'rows.jsonl');
  const args = ['embed', ...modelArgs, '--batch-size', '3', '--output', output, folder];
  const run = spawnCli(args, { COLOUR_HANG_AFTER: '8' });
  await untilStderr(run, 'hanging');
  run.child.kill('SIGTERM');
  expect(await run.ended).toMatchObject({ code: 143 });
  expect((await readFile(output, 'utf8')).trim().split('\n')).toHaveLength(6);
});

it('ends quietly when the reader of its output is gone', async () => {
  const { modelArgs } = await colourWorkspace([]);
  const run = spawnCli(['embed', ...modelArgs, '--modality', 'text', '-']);
  run.child.stdout.destroy();
  run.child.stdin.on('error', () => {}); // It may end before it has read everything.
  run.child.stdin.end('red\n'.repeat(10_000));
  expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
});

it('reads stdin and writes stdout as a link of a pipe', async () => {
  const { modelArgs } = await colourWorkspace([]);
  const run = spawnCli(['embed', ...modelArgs, '--modality', 'text', '--precision', 'ubinary', '-']);
  run.child.stdin.end('red\nblue');
  expect(await run.ended).toEqual({
    code: 0,
    stdout: '{"text":"red","embedding":[128]}\n{"text":"blue","embedding":[32]}\n',
    stderr: '',
  });
});

it('exits with 1 when an image failed and 2 when nothing could be done', async () => {
  const { modelArgs } = await colourWorkspace([]);
  expect(await spawnCli(['embed', ...modelArgs, '/nowhere.png']).ended).toMatchObject({ code: 1, stdout: '' });
  expect(await spawnCli(['embed', '--model', '/nowhere', 'x.png']).ended).toMatchObject({ code: 2, stdout: '' });
});
