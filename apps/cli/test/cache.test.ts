import { readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commitOf, type TestHub, withHub } from './hub-server.ts';
import { jsonLines, runCli } from './run-cli.ts';

const files = { 'config.json': '{}', 'model.safetensors': 'weights', 'tf_model.h5': 'other weights' };
const named = ['config.json', 'model.safetensors'];
const snapshot = ({ cache }: TestHub) => join(cache, 'models--org--model', 'snapshots', commitOf(files));

describe('download', () => {
  it('brings the files that are named, and names those that are not there', async () => {
    const hub = await withHub({ 'org/model@v1': files });
    const run = await runCli(['download', 'org/model', '--revision', 'v1', 'tf_model.h5', 'vocab.txt']);
    expect(run).toEqual({
      code: 1,
      stdout: `${snapshot(hub)}\n`,
      stderr: 'diptych: vocab.txt: NOT_FOUND: expected a file of org/model, got none\n',
    });
    expect(await readdir(snapshot(hub))).toEqual(['tf_model.h5']);
  });

  it.each([
    ['org/nothing', /NOT_FOUND: org\/nothing: .*Repository not found/],
    ['../model', /INPUT_INVALID: .*'\.\.\/model'/],
  ])('refuses %s', async (model, message) => {
    await withHub({});
    const { code, stdout, stderr } = await runCli(['download', model]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('cache list', () => {
  it('gives every revision with its size, refs and folder', async () => {
    const hub = await withHub({ 'org/model': files });
    await runCli(['download', 'org/model', ...named]);
    expect(jsonLines(await runCli(['cache', 'list']))).toEqual([
      {
        model: 'org/model',
        revision: commitOf(files),
        size: 9,
        refs: ['main'],
        path: snapshot(hub),
        files: ['config.json', 'model.safetensors'],
      },
    ]);
    const { stdout } = await runCli(['cache', 'list'], { tty: true });
    expect(stdout).toBe(
      `model      revision      size  refs\norg/model  ${commitOf(files).slice(0, 12)}   9 B  main\n9 B in ${hub.cache}\n`,
    );
  });

  it('is empty where there is no cache', async () => {
    const { cache } = await withHub({});
    expect(await runCli(['cache', 'list'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await runCli(['cache', 'list', '--format', 'table'])).stdout).toBe(`0 B in ${cache}\n`);
  });
});

describe('cache verify', () => {
  it('finds nothing wrong with what was downloaded', async () => {
    await withHub({ 'org/model': files, 'org/other': { 'config.json': '[]' } });
    for (const model of ['org/model', 'org/other']) await runCli(['download', model, ...named]);
    const run = await runCli(['cache', 'verify', '--format', 'table']);
    expect(run).toEqual({
      code: 0,
      stdout: 'model      files  size  verdict\norg/model      2   9 B  all right\norg/other      1   2 B  all right\n',
      stderr: '',
    });
    const one = jsonLines<{ model: string }>(await runCli(['cache', 'verify', 'org/other']));
    expect(one.map(({ model }) => model)).toEqual(['org/other']);
  });

  it('says which file is damaged, what was expected and what is there', async () => {
    const hub = await withHub({ 'org/model': files });
    await runCli(['download', 'org/model', ...named]);
    await writeFile(join(snapshot(hub), 'model.safetensors'), 'wEights');
    const { code, stdout, stderr } = await runCli(['cache', 'verify', 'org/model'], { tty: true });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^org\/model {6}2 {3}9 B {2}1 damaged$/m);
    const blob = join(hub.cache, 'models--org--model', 'blobs', String.raw`[\da-f]{40}`);
    expect(stderr).toMatch(
      new RegExp(`diptych: ${blob}: org/model/model.safetensors: expected git-sha1 [\\da-f]{40}, got [\\da-f]{40}\n`),
    );
    const [damaged] = jsonLines<{ files: string[]; problem?: string }>(await runCli(['cache', 'verify'])).filter(
      ({ problem }) => problem,
    );
    expect(damaged).toMatchObject({ files: ['model.safetensors'], size: 7 });
    expect(await readFile(join(snapshot(hub), 'model.safetensors'), 'utf8')).toBe('wEights');
  });

  it('downloads damaged files and links to nothing again where told', async () => {
    const hub = await withHub({ 'org/model': files });
    await runCli(['download', 'org/model', ...named]);
    await writeFile(join(snapshot(hub), 'model.safetensors'), 'wEights');
    await rm(await realpath(join(snapshot(hub), 'config.json')));
    const run = await runCli(['cache', 'verify', '--repair', '--format', 'table']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('2 repaired');
    expect(await readFile(join(snapshot(hub), 'model.safetensors'), 'utf8')).toBe('weights');
    expect(await readFile(join(snapshot(hub), 'config.json'), 'utf8')).toBe('{}');
    expect(await readdir(join(hub.cache, 'models--org--model', 'blobs'))).toHaveLength(2);
    expect((await runCli(['cache', 'verify'])).code).toBe(0);
  });

  it('leaves what cannot be downloaded as it is, and says why', async () => {
    const hub = await withHub({ 'org/model': files });
    await runCli(['download', 'org/model', ...named]);
    await writeFile(join(snapshot(hub), 'model.safetensors'), 'wEights');
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:1');
    const { code, stderr } = await runCli(['cache', 'verify', '--repair']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/not repaired: org\/model@/)]);
    expect(await readFile(join(snapshot(hub), 'model.safetensors'), 'utf8')).toBe('wEights');
    expect(await readdir(join(hub.cache, 'models--org--model', 'blobs'))).toHaveLength(2);
  });

  it('refuses a model that is not there', async () => {
    await withHub({});
    const { code, stderr } = await runCli(['cache', 'verify', 'org/model']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('NOT_FOUND: org/model') as string });
  });
});
