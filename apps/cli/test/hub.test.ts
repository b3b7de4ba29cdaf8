import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { commitOf, withHub } from './hub-server.ts';
import { jsonLines, runCli } from './run-cli.ts';
import { architecture, colours, plainImage, temporaryFolder } from './workspace.ts';

const files = { 'config.json': '{}', 'colour.txt': '1' };
const open = (model: string, ...args: readonly string[]) => ['--model', model, '--architecture', architecture, ...args];

/** A folder with one red photo. */
async function redPhoto(): Promise<string> {
  const folder = await temporaryFolder();
  await plainImage(join(folder, 'red.png'), colours.red);
  return folder;
}

it('works in every command, and a second time without the hub', async () => {
  const { requests, cache } = await withHub({ 'org/colours': files });
  const folder = await redPhoto();
  const commands = [
    ['embed', ...open('org/colours'), folder],
    ['search', ...open('org/colours'), '--images', folder, 'red'],
    ['classify', ...open('org/colours'), '--labels', 'red,blue', folder],
    ['info', ...open('org/colours')],
  ];
  for (const command of commands) expect(await runCli(command)).toMatchObject({ code: 0, stderr: '' });
  expect(requests.filter((url) => url.endsWith('colour.txt'))).toHaveLength(1);

  vi.stubEnv('HF_HUB_OFFLINE', '1');
  requests.splice(0);
  for (const command of commands) expect(await runCli(command)).toMatchObject({ code: 0, stderr: '' });
  expect(requests).toEqual([]);
  const [facts] = jsonLines(await runCli(['info', ...open('org/colours')]));
  expect(facts).toMatchObject({
    model: 'org/colours',
    folder: join(cache, 'models--org--colours', 'snapshots', commitOf(files)),
    fileBytes: { 'colour.txt': 1 },
  });
});

it('opens the revision that is asked for, and names it', async () => {
  const other = { ...files, 'colour.txt': '1234' };
  await withHub({ 'org/colours': files, 'org/colours@v2': other });
  const [facts] = jsonLines(await runCli(['info', ...open('org/colours', '--revision', 'v2')]));
  expect(facts).toMatchObject({ model: 'org/colours@v2', fileBytes: { 'colour.txt': 4 } });
  const pinned = await runCli(['info', ...open('org/colours', '--revision', commitOf(other))]);
  expect(jsonLines(pinned)).toMatchObject([{ fileBytes: { 'colour.txt': 4 } }]);
});

it('refuses the revision of a folder', async () => {
  const folder = await redPhoto();
  const { code, stderr } = await runCli(['info', ...open(folder, '--revision', 'v2')]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/INPUT_INVALID: .*'v2'/) as string });
});

it('says that the hub does not have a model, or that it is offline', async () => {
  await withHub({});
  const missing = await runCli(['info', ...open('org/nothing')]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/NOT_FOUND: org\/nothing: .*; nor is there a folder 'org\/nothing'\n$/);
  vi.stubEnv('HF_HUB_OFFLINE', '1');
  const offline = await runCli(['info', ...open('org/nothing')]);
  expect(offline).toMatchObject({ code: 2, stderr: expect.stringContaining('offline') as string });
});

it('shows bytes on a terminal, and nothing elsewhere', async () => {
  const content = 'x'.repeat(2_000_000);
  await withHub({ 'org/colours': { ...files, 'colour.txt': content } });
  const { stderr } = await runCli(['info', ...open('org/colours')], { tty: true });
  expect(stderr).toMatch(/downloading {2}\[[=-]{24}\] {2}[\d.]+ [kM]?B of 2\.0 MB/);
  expect((await runCli(['info', ...open('org/colours', '--quiet')], { tty: true })).stderr).toBe('');
});

it('warns once of a licence that forbids commercial use', async () => {
  const card = '---\nlicense: cc-by-nc-4.0\n---\n';
  await withHub({ 'org/colours': { ...files, 'README.md': card } });
  const run = await runCli(['embed', ...open('org/colours'), '--modality', 'text', 'red']);
  expect(run).toMatchObject({
    code: 0,
    stderr: 'diptych: org/colours: warning: licence cc-by-nc-4.0: not for commercial use\n',
  });
  const quiet = await runCli(['info', ...open('org/colours', '--quiet')]);
  expect(quiet.stderr).toBe('');
  expect(jsonLines(quiet)).toMatchObject([{ licence: 'cc-by-nc-4.0' }]);
});
