import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useBackend } from '@diptych/backend-wasm';
import type { BackendInfo } from '@diptych/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourWorkspace, temporaryFolder } from './workspace.ts';

beforeEach(() => useBackend('wasm'));

it('is no webgpu, which Node has not: refused with what to take', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  const root = await temporaryFolder();
  const config = join(root, 'config.json');
  await writeFile(config, '{}');
  for (const args of [
    ['embed', ...modelArgs, folder],
    ['info', ...modelArgs],
    ['bench', ...modelArgs],
    ['train', config, '--output', join(root, 'model')],
  ]) {
    const { code, stdout, stderr } = await runCli([...args, '--backend', 'webgpu']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^diptych: BACKEND_UNAVAILABLE: .*webgpu.*use 'wasm'/);
    expect(tf.getBackend()).toBe('wasm');
  }
});

it('is wasm for auto, and says why', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  const info = await runCli(['info', '--model', '@diptych/model-emoji', '--backend', 'auto', '--format', 'jsonl']);
  const [{ backend }] = jsonLines<{ backend: BackendInfo & { reason: string } }>(info) as [
    { backend: BackendInfo & { reason: string } },
  ];
  expect(backend).toMatchObject({ name: 'wasm', reason: expect.stringContaining('million parameters') as string });
  const args = ['bench', ...modelArgs, '--images', folder, '--dtype', 'int8', '--batch', '1', '--rounds', '1'];
  const run = await runCli([...args, '--backend', 'auto']);
  expect(jsonLines<{ backend: BackendInfo }>(run)[0]!.backend.name).toBe('wasm');
});
