import { type Command, Option } from 'commander';
import type { Precision } from '@diptych/core';
import { embedNamed } from '../embed-named.ts';
import { imageInputs, textInputs } from '../inputs.ts';
import type { Io } from '../io.ts';
import { lengthOf, listUnlessStdin } from '../list-unless-stdin.ts';
import { addModelOptions, count, defaultBatchSize, type ModelOptions, precisionOption } from '../model-options.ts';
import { openModel } from '../open-model.ts';
import { formatOption } from '../output/format.ts';
import { openRowSink, type SinkOptions } from '../output/open-row-sink.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';

interface EmbedOptions extends ModelOptions, SinkOptions {
  readonly null?: boolean;
  readonly precision: Precision;
  readonly truncateDim?: number;
  readonly normalize: boolean;
  readonly batchSize: number;
}

export function defineEmbed(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    command
      .summary('embeddings of images or texts')
      .description('Embeddings of images or texts, in the order of the inputs.')
      .argument(
        '<inputs...>',
        'image files, folders (their images at any depth), globs, URLs, or - for paths on stdin, one a line; ' +
          'with --modality text: texts, or - for texts on stdin',
      )
      .addOption(new Option('--modality <name>', 'what the inputs are').choices(['image', 'text']).default('image'))
      .option('--null', 'items on stdin end with NUL (find -print0)')
      .addOption(formatOption('npy'))
      .option('--output <path>', "file to write; for npy a folder, in clip-retrieval's layout (default: stdout)")
      .addOption(precisionOption())
      .option('--truncate-dim <n>', 'keep the first n components (for Matryoshka models)', count)
      .option('--no-normalize', 'leave rows at the length that the model gives them')
      .option('--batch-size <n>', 'items per forward pass', count, defaultBatchSize),
  ).action(async (inputs: readonly string[], options: EmbedOptions) => done(await embed(inputs, options, io)));
}

/** @returns How many items failed. */
async function embed(inputs: readonly string[], options: EmbedOptions, io: Io): Promise<number> {
  const { modality, precision, normalize, truncateDim, batchSize } = options;
  const { signal } = io;
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  const expand = modality === 'image' ? imageInputs : textInputs;
  const items = await listUnlessStdin(inputs, expand(inputs, io, options.null));
  using space = await openModel(options, signal, progress);
  const settings = { modality, precision, normalize, truncateDim, batchSize, signal, onFailure };
  await space.embed(modality, [], settings); // Refuses wrong options before there is an output.
  const sink = await openRowSink(options, io);
  const bar = progress.start('embedding', { total: lengthOf(items) });
  let rows = 0;
  let whole = false;
  try {
    for await (const block of embedNamed(space, items, settings)) {
      progress.makeWay();
      await sink.add(block.names, block.rows);
      bar.update((rows += block.names.length) + failures());
    }
    whole = failures() === 0;
  } finally {
    bar.stop();
    // Nothing at all, for want of good items, is no reason to lose what an earlier run wrote.
    await (rows > 0 || whole ? sink.close() : sink.discard());
  }
  return failures();
}
