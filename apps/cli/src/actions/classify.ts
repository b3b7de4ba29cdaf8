import { readFile } from 'node:fs/promises';
import { EmbeddingError } from '@diptych/core';
import type { Prediction } from 'diptych';
import { embedNamed } from '../embed-named.ts';
import { imageFiles } from '../file-kinds.ts';
import { fileInputs } from '../inputs.ts';
import { type Io, write } from '../io.ts';
import { lengthOf, listUnlessStdin } from '../list-unless-stdin.ts';
import { openModel } from '../open-model.ts';
import { defaultFormat, type Format } from '../output/format.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';
import type { ClassifyOptions } from '../commands/classify.ts';

/** @returns How many images failed. */
export async function classify(inputs: readonly string[], options: ClassifyOptions, io: Io): Promise<number> {
  const { batchSize, template: templates, topK, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  const labels = await labelsOf(options);
  const paths = await listUnlessStdin(inputs, fileInputs(imageFiles, inputs, io, { null: options.null, onFailure }));
  using space = await openModel(options, io, progress);
  await space.classify([], labels, { templates, signal }); // Refuses wrong options once; the labels are kept.
  const blocks = embedNamed(space, paths, { modality: 'image', batchSize, signal, onFailure });
  const bar = progress.start('classifying', { total: lengthOf(paths) });
  try {
    let done = 0;
    for await (const { names, rows } of blocks) {
      const predictions = await space.classify(rows, labels, { templates, signal });
      const lines = names.map((path, i) => formatLine[format](path, predictions[i]!.slice(0, topK)));
      progress.makeWay();
      await write(io.stdout, lines.join(''));
      bar.update((done += names.length) + failures());
    }
  } finally {
    bar.stop();
  }
  return failures();
}

const formatLine: Readonly<Record<Format, (path: string, predictions: readonly Prediction[]) => string>> = {
  table(path, predictions) {
    const shown = predictions.map(({ label, score }) => `${(100 * score).toFixed(1).padStart(5)}% ${oneLine(label)}`);
    return `${oneLine(path)}\n  ${shown.join('  ')}\n`;
  },
  jsonl: (path, predictions) => `${JSON.stringify({ path, predictions })}\n`,
};

/** @throws {EmbeddingError} `INPUT_INVALID` when there is none. */
async function labelsOf({ labels, labelsFile }: ClassifyOptions): Promise<readonly string[]> {
  const given = labelsFile === undefined ? labels : await linesOf(labelsFile);
  const found = (given ?? []).map((label) => label.trim()).filter(Boolean);
  if (found.length > 0) return found;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'labels',
    expected: 'at least one by --labels or --labels-file',
    got: 'none',
  });
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new EmbeddingError('NOT_FOUND', { where: file, expected: 'a file of labels', got: cause.message }, { cause });
  });
  return text.split('\n');
}
