import { embedNamed } from '../embed-named.ts';
import { imageFiles, soundFiles } from '../file-kinds.ts';
import { fileInputs, textInputs } from '../inputs.ts';
import type { Io } from '../io.ts';
import { lengthOf, listUnlessStdin } from '../list-unless-stdin.ts';
import { openModel } from '../open-model.ts';
import { openRowSink } from '../output/open-row-sink.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';
import type { Space } from '../space.ts';
import type { EmbedOptions } from '../commands/embed.ts';

/** @returns How many items failed. */
export async function embed(inputs: readonly string[], options: EmbedOptions, io: Io): Promise<number> {
  const { modality, precision, normalize, truncateDim, batchSize } = options;
  const { signal } = io;
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  const how = { null: options.null, onFailure };
  const kind = [imageFiles, soundFiles].find((one) => one.modality === modality);
  const items = await listUnlessStdin(inputs, kind ? fileInputs(kind, inputs, io, how) : textInputs(inputs, io, how));
  using space: Space = await openModel(options, io, progress);
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
