import { writeFile } from 'node:fs/promises';
import { openLastGood } from '@diptych/checkpoint/node';
import { replaceFile } from '@diptych/files/node';
import { enableAutodiff } from '@diptych/nn/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { bytesOf, smallRun } from './small-run.ts';

/** Trains to the end, from whatever state is at `path`, saving one of some 1 MB after each step. */
const [path = ''] = process.argv.slice(2);
await enableAutodiff();
await import('@tensorflow/tfjs-backend-cpu');
await tf.setBackend('cpu');
const from = await openLastGood(path);
const save = async (state: Parameters<typeof bytesOf>[0]) => replaceFile(path, bytesOf(state));
const { records, model } = smallRun({ from, save, saveEvery: 1 }, 4096);
for await (const _ of records);
await writeFile(`${path}.done`, model.variables.get('image.weight')!.dataSync<'float32'>());
