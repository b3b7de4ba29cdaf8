import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { architecture, colourWorkspace } from './workspace.ts';

it('explains itself, every command and the exit codes', async () => {
  const { code, stdout } = await runCli(['--help']);
  expect(code).toBe(0);
  for (const part of ['embed', 'search', 'classify', 'info', 'verify', 'bench', 'download', 'cache', 'Exit codes'])
    expect(stdout).toContain(part);
});

it('fits its help into 80 columns', async () => {
  for (const command of ['embed', 'search', 'classify', 'info', 'verify', 'bench', 'download', 'cache', 'cache list']) {
    const { stdout } = await runCli([...command.split(' '), '--help']);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});

it.each([
  [[]],
  [['paint']],
  [['cache', 'list', 'x']],
  [['embed']],
  [['embed', '--model', 'm', '--colour', 'x']],
  [['info', '--model', 'm', 'x']],
])('takes %j for wrong usage', async (args) => {
  const { code, stdout, stderr } = await runCli(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(args.length > 0 ? /^diptych: .+\n\(--help lists the options\)\n$/s : /^Usage: /);
});

it.each([
  [['--batch-size', '0'], 'whole number'],
  [['--precision', 'float8'], 'Allowed choices'],
  [['--backend', 'abacus'], 'BACKEND_UNAVAILABLE'],
  [['--architecture', 'nowhere.js'], 'INPUT_INVALID: nowhere.js: expected what can be imported, got'],
])('refuses %j', async (args, message) => {
  const { folder, modelArgs } = await colourWorkspace([]);
  const { code, stderr } = await runCli(['embed', ...modelArgs, ...args, folder]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
});

it('refuses a module without an architecture', async () => {
  const { root, model } = await colourWorkspace([]);
  const module = join(root, 'module.mjs');
  await writeFile(module, 'export const name = "colour";');
  const { code, stderr } = await runCli(['info', '--model', model, '--architecture', module]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('got exports: name') as string });
});

it('says when a folder holds no model it knows', async () => {
  const { folder } = await colourWorkspace([]);
  const { code, stderr } = await runCli(['info', '--model', join(folder, 'nowhere')]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('NOT_FOUND') as string });
});

it('tells what a model is and what runs it', async () => {
  const { model, modelArgs } = await colourWorkspace([]);
  await writeFile(join(model, 'colour.txt'), '12345');
  const run = await runCli(['info', ...modelArgs]);
  expect(run.code).toBe(0);
  expect(jsonLines(run)).toEqual([
    {
      model: 'model',
      architecture: 'colour',
      modalities: ['text', 'image'],
      dim: 3,
      parameters: 3,
      dtype: 'float32',
      memoryBytes: { weights: 12, process: expect.any(Number) as number },
      folder: model,
      fileBytes: { 'colour.txt': 5 },
      backend: expect.objectContaining({ name: 'wasm', threads: expect.any(Number) }) as object,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    },
  ]);
  const table = await runCli(['info', '--model', model, '--architecture', architecture], { tty: true });
  expect(table.stdout).toMatch(/^model +model\narchitecture +colour\nmodalities +text, image\ndim +3\n/);
});

it('sends a terminal no control characters of names, and keeps passwords to itself', async () => {
  const { folder, modelArgs } = await colourWorkspace([]);
  const hostile = 'red\u001B]0;owned\u0007\u009B2J.png';
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, hostile), 'no image');
  for (const args of [
    ['embed', ...modelArgs, join(folder, hostile)],
    ['info', '--model', hostile],
  ]) {
    const { stdout, stderr } = await runCli(args, { tty: true });
    const own = stderr.replaceAll('\r\u001B[K', '');
    expect(stdout + own).toContain('owned');
    expect(stdout + own).not.toMatch(/[^\P{Cc}\t\n]/u);
  }
  const { stderr } = await runCli(['info', '--model', 'http://me:secret@127.0.0.1:1/model']);
  expect(stderr).toContain('NETWORK: http://127.0.0.1:1/model');
  expect(stderr).not.toContain('secret');
});
