import { defaultBackend, useBackend } from '@diptych/backend-wasm';
import { trainFile } from '@diptych/training/node';
import { dualEncoderPlan, open } from 'diptych';
import type { TrainOptions } from '../commands/train.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { taskBar, terminalProgress } from '../progress.ts';
import { epochLine } from './epoch-line.ts';

/** Trains as a file says and prints a line after each epoch. */
export async function train(config: string, options: TrainOptions, io: Io): Promise<void> {
  const { output, resume, backend, quiet, format = defaultFormat(io.stdout) } = options;
  const progress = terminalProgress(io, quiet);
  const bar = taskBar(progress);
  await (backend ? useBackend(backend) : defaultBackend());
  const run = trainFile(config, {
    output,
    plan: dualEncoderPlan,
    open,
    resume,
    signal: io.signal,
    onProgress: bar.update,
    onDamaged: ({ message }) => progress.note(`diptych: ${message}; taking the state before`),
  });
  try {
    for await (const epoch of run) {
      progress.makeWay();
      await write(io.stdout, epochLine(epoch, format));
      const lines = epoch.newWarnings.map(({ message }) => `diptych: epoch ${epoch.epoch + 1}: ${message}`);
      if (!quiet) for (const line of lines) progress.note(line);
    }
  } finally {
    bar.stop();
  }
}
