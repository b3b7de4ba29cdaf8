import { openCheckpoint } from '@diptych/checkpoint';
import type { Batch, Encoder } from '@diptych/core';
import { linear, linearSpec, loadModel, type NameTable, type ParamsOf, variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, Tower } from 'diptych';
import { framesOf, logMel, type LogMelConfig } from './log-mel.ts';

/** Log-mel spectra of `n` sounds, row-major. */
export interface SpectraBatch extends Batch {
  readonly spectra: Float32Array;
  readonly shape: readonly [n: number, frames: number, bins: number];
}

/** Two seconds at 4 kHz. */
export const soundConfig: LogMelConfig = {
  rate: 4000,
  length: 8000,
  window: 128,
  hop: 40,
  bins: 16,
  lowest: 50,
  highest: 1800,
};

const [hidden, dim] = [32, 16];

/** What is learned: one layer for each frame, and one for the mean over time. */
export const soundSpec = { frame: linearSpec(soundConfig.bins, hidden), head: linearSpec(hidden, dim) };

/** The file calls every array as we do. */
const names: NameTable = { names: { frame: { asIs: 'frame' }, head: { asIs: 'head' } } };

function soundEncoder({ frame, head }: ParamsOf<typeof soundSpec>): Encoder<SpectraBatch> {
  return {
    dim,
    variables: variablesOf({ frame, head }),
    forward({ spectra, shape }) {
      const decibels = tf.tensor3d(spectra, [...shape]);
      const frames = tf.relu(linear(frame, tf.div(decibels, 20))); // [n, frames, hidden]
      return linear(head, tf.mean<tf.Tensor2D>(frames, 1));
    },
  };
}

/** The way of a sound into the space. */
function soundTower(encoder: Encoder<SpectraBatch>): Tower<Float32Array, Float32Array, SpectraBatch> {
  const { bins } = soundConfig;
  return {
    encoder,
    read: (samples) => logMel(samples, soundConfig),
    preprocess(sounds) {
      const spectra = new Float32Array(sounds.length * framesOf(soundConfig) * bins);
      sounds.forEach((sound, i) => spectra.set(sound, i * sound.length));
      return { spectra, shape: [sounds.length, framesOf(soundConfig), bins] };
    },
  };
}

/** A space of sounds: `open` with it gives `embed('sound', …)`. Texts would be one tower more. */
export const sound: Architecture<{ sound: Float32Array }> = {
  version: 1,
  name: 'sound',
  async open(files, options) {
    const checkpoint = await openCheckpoint(files, options.signal);
    if (!checkpoint.names.has('frame.weight')) return undefined;
    const model = await loadModel(soundSpec, checkpoint, names, options);
    return {
      towers: { sound: soundTower(soundEncoder(model.params)) },
      weights: model,
      [Symbol.dispose]: () => model[Symbol.dispose](),
    };
  },
};
