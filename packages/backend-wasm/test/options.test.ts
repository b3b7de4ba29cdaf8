import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type BackendOptions, defaultBackend, useBackend } from '../src/index.ts';

const wrong: readonly (readonly [field: string, options: object])[] = [
  ['threads', { threads: 1.5 }],
  ['threads', { threads: 0 }],
  ['threads', { threads: '2' }],
  ['wasmPaths', { wasmPaths: 5 }],
  ['wasmPaths', { wasmPaths: null }],
  ['wasmPaths', { wasmPaths: '/folder' }],
  ['wasmPaths', { wasmPaths: { simd: '/simd.wasm' } }],
  ['wasmPaths', { wasmPaths: { 'diptych-kernels.wasm': 5 } }],
  ['wasmPaths', { wasmPaths: { 'diptych-worker.js': new Uint8Array(8) } }],
  ['wasmPaths', { wasmPaths: new URL('https://cdn.example/wasm') }],
];

it.each(wrong)('a wrong option is an error of the default too, not a reason for cpu: %s %o', async (field, options) => {
  const refused = { code: 'INPUT_INVALID', message: expect.stringMatching(`^${field}: expected `) };
  const given: BackendOptions = options;
  await expect(useBackend('wasm', given)).rejects.toMatchObject(refused);
  await expect(defaultBackend(given)).rejects.toMatchObject(refused);
  expect(tf.getBackend()).not.toBe('cpu');
});

it('other paths than those of the first start are an error of the default too', async () => {
  await defaultBackend();
  await expect(defaultBackend({ wasmPaths: '/elsewhere/' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(tf.getBackend()).toBe('wasm');
});
