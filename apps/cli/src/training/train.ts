import { defaultBackend, useBackend } from '@diptych/backend-wasm';
import { type RunOptions, trainFile, tuneFile } from '@diptych/training/node';
import { dualEncoderPlan, open, openTrainable } from 'diptych';
import type { TrainOptions } from '../commands/train.ts';
import { downloadBar } from '../download-bar.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { type Progress, taskBar, terminalProgress } from '../progress.ts';
import { nodeBackend } from '../node-backend.ts';
import { epochLine } from './epoch-line.ts';

/** Trains as a file says and prints a line after each epoch. */
export async function train(config: string, options: TrainOptions, io: Io): Promise<void> {
  const { output, resume, featureCache, backend, quiet, format = defaultFormat(io.stdout) } = options;
  const progress = terminalProgress(io, quiet);
  const bar = taskBar(progress);
  await (backend ? useBackend(nodeBackend(backend)) : defaultBackend());
  const settings: RunOptions = {
    output,
    resume,
    featureCache,
    signal: io.signal,
    onProgress: bar.update,
    onDamaged: ({ message }) => progress.note(`diptych: ${message}; taking the state before`),
  };
  try {
    using from = options.from === undefined ? undefined : await openBase(options.from, options, io, progress);
    const run = from
      ? tuneFile(config, { ...settings, from })
      : trainFile(config, { ...settings, plan: dualEncoderPlan, open });
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

async function openBase(
  model: string,
  { revision }: Pick<TrainOptions, 'revision'>,
  { signal }: Pick<Io, 'signal'>,
  progress: Progress,
): ReturnType<typeof openTrainable> {
  const { onDownload, stop } = downloadBar(progress);
  try {
    return await openTrainable(model, { ...(revision !== undefined && { revision }), signal, onDownload });
  } finally {
    stop();
  }
}
