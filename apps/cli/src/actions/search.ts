import { searchKernels } from '@diptych/backend-wasm/search';
import { bestImages } from '../image-index/best-images.ts';
import { indexFolder } from '../image-index/index-folder.ts';
import { listImages } from '../image-index/list-images.ts';
import { openImageIndex } from '../image-index/open-image-index.ts';
import { probeImage } from '../image-index/probe.ts';
import { updateIndex } from '../image-index/update-index.ts';
import { embedNamed } from '../embed-named.ts';
import { imageInputs } from '../inputs.ts';
import { type Io, write } from '../io.ts';
import { openModel } from '../open-model.ts';
import { defaultFormat } from '../output/format.ts';
import { formatHits } from '../output/hits.ts';
import { terminalProgress } from '../progress.ts';
import { embedQueries, requireQueries } from '../queries.ts';
import { failureReport } from '../report.ts';
import type { SearchOptions } from '../commands/search.ts';

/** @returns How many images failed. */
export async function search(texts: readonly string[], options: SearchOptions, io: Io): Promise<number> {
  const { image = [], images = [], topK, precision, batchSize, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  await requireQueries(texts, image, images);
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  using space = await openModel(options, io, progress);
  const queries = await embedQueries(space, texts, image, signal);
  const folder = await indexFolder(options.index, images[0]!, space.id);
  const listed = await listImages(imageInputs(images, io, { null: options.null, onFailure }), folder, onFailure);
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
