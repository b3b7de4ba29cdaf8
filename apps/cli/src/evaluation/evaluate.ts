import { basename } from 'node:path';
import type { Embeddings } from '@diptych/core';
import type { Sample } from '@diptych/datasets';
import { captionData } from '@diptych/datasets/node';
import { evaluateSpace, type SpaceReport, type SpaceReportOptions, umap } from '@diptych/evaluation/report';
import { scoresBy } from '@diptych/training';
import type { EmbeddingSpace } from 'diptych';
import type { EvaluateOptions } from '../commands/evaluate.ts';
import { type Io, write } from '../io.ts';
import { openModel } from '../open-model.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { type Progress, terminalProgress } from '../progress.ts';
import { writeReport } from './write-report.ts';

/** Embeds the captioned images that a file lists, and prints what the metrics of the model are on them. */
export async function evaluate(data: string, options: EvaluateOptions, io: Io): Promise<void> {
  const { images, split, folds, output, format = defaultFormat(io.stdout) } = options;
  const samples = await captionData(data, { images, split, signal: io.signal });
  const progress = terminalProgress(io, options.quiet);
  using space = await openModel(options, io, progress);
  const rows = await embedSamples(space, samples, { options, io, progress });
  const imageOf = samples.flatMap(({ captions }, image) => captions.map(() => image));
  const title = `${space.id} on ${basename(data)}${split === undefined ? '' : `, ${split}`}`;
  const map = options.map === 'umap' ? umapMap : undefined;
  const report = await evaluateSpace(rows.images, rows.captions, {
    title,
    imageOf,
    folds,
    map,
    signal: io.signal,
    scores: await scoresBy(space.similarityFunction),
  });
  if (output !== undefined) await writeReport(output, report);
  await write(io.stdout, format === 'table' ? table(report) : jsonLine(report));
}

const umapMap: SpaceReportOptions['map'] = (rows, signal) =>
  umap({ neighbors: Math.min(15, rows.shape[0] - 1) })(rows, signal);

interface Context {
  readonly options: EvaluateOptions;
  readonly io: Io;
  readonly progress: Progress;
}

/** One image that cannot be read ends it: of the others the numbers would be those of other data. */
async function embedSamples(space: EmbeddingSpace, samples: readonly Sample[], { options, io, progress }: Context) {
  const embedAll = async (task: string, total: number, embed: (options: object) => Promise<Embeddings>) => {
    const bar = progress.start(task, { total });
    const onProgress = (done: number) => bar.update(done);
    try {
      return await embed({ batchSize: options.batchSize, signal: io.signal, onProgress });
    } finally {
      bar.stop();
    }
  };
  const texts = samples.flatMap(({ captions }) => captions);
  return {
    images: await embedAll('embedding images', samples.length, (how) => space.embed('image', pixels(samples, io), how)),
    captions: await embedAll('embedding captions', texts.length, (how) => space.embed('text', texts, how)),
  };
}

async function* pixels(samples: readonly Sample[], { signal }: Io): AsyncGenerator<Uint8Array> {
  for (const sample of samples) yield await sample.image(signal);
}

function jsonLine({ title, images, captions, folds, metrics, diagnostics }: SpaceReport): string {
  return `${JSON.stringify({ title, images, captions, folds, ...metrics, ...diagnostics })}\n`;
}

function table({ metrics, intervals, folds, diagnostics }: SpaceReport): string {
  const rows = Object.entries({ ...metrics, ...diagnostics }).map(([name, value]) => {
    const interval = folds === 1 ? intervals[name] : undefined;
    return [name, value.toFixed(4), interval ? `${interval.low.toFixed(4)} to ${interval.high.toFixed(4)}` : ''];
  });
  return columns('lrl', [['metric', 'value', '95 % interval'], ...rows]);
}
