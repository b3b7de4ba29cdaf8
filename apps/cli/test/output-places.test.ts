import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { colourData, configFile, onPixels } from './training-data.ts';
import { colourWorkspace } from './workspace.ts';

/** Places where nothing can be written, in a folder that has a file and a folder. */
const places = {
  'below a file': { output: 'file/out', message: 'ENOTDIR' },
  'a file where a folder should be': { output: 'file', message: 'EEXIST' },
};

async function withPlaces() {
  const workspace = await colourWorkspace();
  await writeFile(join(workspace.root, 'file'), 'mine');
  await mkdir(join(workspace.root, 'folder', 'inside'), { recursive: true });
  return workspace;
}

describe.each(Object.entries(places))('an output %s is refused with its path', (_, { output, message }) => {
  it('by embed --format npy', async () => {
    const { root, folder, modelArgs } = await withPlaces();
    const path = join(root, output);
    const run = await runCli(['embed', ...modelArgs, folder, '--format', 'npy', '--output', path]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(`diptych: INPUT_INVALID: ${path}: expected what can be written, got ${message}`);
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('mine');
  });

  it('by train', async () => {
    const { root } = await withPlaces();
    const path = join(root, output);
    const run = await runCli(['train', await configFile(await colourData(), onPixels), '--output', path]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(`diptych: INPUT_INVALID: ${path}: expected what can be written, got ${message}`);
  });

  it('by evaluate', async () => {
    const { root, folder, modelArgs } = await withPlaces();
    const path = join(root, output);
    const captions = join(root, 'captions.jsonl');
    const line = (name: string) => `${JSON.stringify({ image: `${name}.png`, captions: [name] })}\n`;
    await writeFile(captions, ['red', 'green', 'blue'].map(line).join(''));
    const run = await runCli(['evaluate', ...modelArgs, captions, '--images', folder, '--output', path]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(`diptych: INPUT_INVALID: ${path}: expected what can be written, got ${message}`);
  });
});

describe('rows to a file', () => {
  it.each([
    ['file/rows.jsonl', 'file: expected what can be written, got EEXIST'],
    ['file/below/rows.jsonl', 'file/below: expected what can be written, got ENOTDIR'],
    ['folder', 'folder: expected a file to write, got a folder'],
  ])('are refused as %s before any is embedded', async (output, message) => {
    const { root, folder, modelArgs } = await withPlaces();
    const run = await runCli(['embed', ...modelArgs, folder, '--output', join(root, output)]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(`diptych: INPUT_INVALID: ${join(root, message)}`);
    expect(await readdir(join(root, 'folder'))).toEqual(['inside']);
  });

  it('go to a folder that is made for them, and is gone where nothing could be embedded', async () => {
    const { root, folder, modelArgs } = await withPlaces();
    const output = join(root, 'missing', 'below', 'rows.jsonl');
    const nothing = await runCli(['embed', ...modelArgs, join(root, 'gone.png'), '--output', output]);
    expect([nothing.code, await readdir(join(root, 'missing'))]).toEqual([1, []]);
    expect(await runCli(['embed', ...modelArgs, folder, '--output', output])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await readFile(output, 'utf8')).trim().split('\n')).toHaveLength(3);
  });

  it('go to the end of a link, which stays', async () => {
    const { root, folder, modelArgs } = await withPlaces();
    await symlink('file', join(root, 'latest.jsonl'));
    const run = await runCli(['embed', ...modelArgs, folder, '--output', join(root, 'latest.jsonl')]);
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await readFile(join(root, 'file'), 'utf8')).trim().split('\n')).toHaveLength(3);
    const again = await runCli(['embed', ...modelArgs, join(root, 'gone.png'), '--output', join(root, 'latest.jsonl')]);
    expect(again.code).toBe(1);
    expect((await readFile(join(root, 'latest.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(3);
  });

  // A device is not replaced by a file.
  it.runIf(process.platform === 'linux')('go to a device, whose refusal has its path', async () => {
    const { folder, modelArgs } = await withPlaces();
    expect(await runCli(['embed', ...modelArgs, folder, '--output', '/dev/full'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching('diptych: INPUT_INVALID: /dev/full: expected what can be written, got ENOSPC'),
    });
    const devices = await readdir('/dev', { withFileTypes: true });
    expect(devices.find(({ name }) => name === 'full')?.isCharacterDevice()).toBe(true);
    expect(devices.find(({ name }) => name === 'full.partial')).toBeUndefined();
  });
});
