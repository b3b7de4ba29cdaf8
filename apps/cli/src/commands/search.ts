import { searchKernels } from '@diptych/backend-wasm/search';
import type { Precision } from '@diptych/core';
import type { Command } from 'commander';
import { bestImages } from '../image-index/best-images.ts';
import { indexFolder } from '../image-index/index-folder.ts';
import { listImages } from '../image-index/list-images.ts';
import { openImageIndex } from '../image-index/open-image-index.ts';
import { probeImage } from '../image-index/probe.ts';
import { updateIndex } from '../image-index/update-index.ts';
import { embedNamed } from '../embed-named.ts';
import { imageInputs } from '../inputs.ts';
import { type Io, write } from '../io.ts';
import {
  addModelOptions,
  count,
  defaultBatchSize,
  type ModelOptions,
  precisionOption,
  repeatable,
} from '../model-options.ts';
import { openModel } from '../open-model.ts';
import { defaultFormat, type Format, formatOption } from '../output/format.ts';
import { formatHits } from '../output/hits.ts';
import { terminalProgress } from '../progress.ts';
import { embedQueries, requireQueries } from '../queries.ts';
import { failureReport } from '../report.ts';

interface SearchOptions extends ModelOptions {
  readonly images?: readonly string[];
  readonly image?: readonly string[];
  readonly index?: string;
  readonly topK: number;
  readonly null?: boolean;
  readonly format?: Format;
  readonly precision: Precision;
  readonly batchSize: number;
}

export function defineSearch(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    command
      .summary('the images that fit a text or an image best')
      .description(
        'The images that fit a text or another image best. Embeddings are kept on disk: only new and changed files are ' +
          'embedded, and an interrupted run goes on where it stopped.',
      )
      .argument('[queries...]', 'texts; each is searched for by itself')
      .addOption(repeatable('--images <path>', 'folder, quoted glob or file to search, or - for paths on stdin'))
      .addOption(repeatable('--image <file>', 'image to search for'))
      .option('--index <folder>', 'where embeddings are kept (default: .diptych/<model> in the first searched folder)')
      .option('--top-k <n>', 'images shown for a query', count, 10)
      .option('--null', 'paths on stdin end with NUL (find -print0)')
      .addOption(formatOption())
      .addOption(precisionOption())
      .option('--batch-size <n>', 'images per forward pass', count, defaultBatchSize),
  ).action(async (queries: readonly string[], options: SearchOptions) => done(await search(queries, options, io)));
}

/** @returns How many images failed. */
async function search(texts: readonly string[], options: SearchOptions, io: Io): Promise<number> {
  const { image = [], images = [], topK, precision, batchSize, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  await requireQueries(texts, image, images);
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  using space = await openModel(options, signal, progress);
  const queries = await embedQueries(space, texts, image, signal);
  const folder = await indexFolder(options.index, images[0]!, space.id);
  const listed = await listImages(imageInputs(images, io, options.null), folder, onFailure);
  const probe = await space.embed('image', [probeImage()], { signal });
  const kernels = space.similarityFunction === 'cosine' ? await searchKernels() : undefined;
  await using index = await openImageIndex(folder, { precision, probe }, kernels?.int8);
  if (index.dropped > 0 && !options.quiet)
    progress.note(`diptych: ${folder}: dropped a torn end of ${index.dropped} bytes`);
  if (index.damaged > 0 && !options.quiet)
    progress.note(`diptych: ${folder}: left out ${index.damaged} damaged bytes, whose images are embedded again`);
  const embed = (paths: Iterable<string>) =>
    embedNamed(space, paths, { modality: 'image', precision, batchSize, signal, onFailure });
  await updateIndex(index, folder, listed, embed, progress);
  const hits = await bestImages({ space, index, listed }, queries, { k: topK, signal });
  await write(io.stdout, queries.map(({ name }, i) => formatHits(format, name, hits[i]!)).join(''));
  return failures();
}
