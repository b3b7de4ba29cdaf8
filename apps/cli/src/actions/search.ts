import type { EmbeddingSpace } from 'diptych';
import { bestImages } from '../image-index/best-images.ts';
import { openSearch } from '../image-index/open-search.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { formatHits } from '../output/hits.ts';
import { terminalProgress } from '../progress.ts';
import { embedQueries, type Query, requireQueries } from '../queries.ts';
import { failureReport } from '../report.ts';
import type { SearchOptions } from '../commands/search.ts';

/** @returns How many images failed. */
export async function search(texts: readonly string[], options: SearchOptions, io: Io): Promise<number> {
  const { image = [], images = [], topK, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  await requireQueries(texts, image, images);
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  let queries: readonly Query[] = [];
  const embedAsked = async (space: EmbeddingSpace) => void (queries = await embedQueries(space, texts, image, signal));
  await using opened = await openSearch(options, io, progress, onFailure, embedAsked);
  await opened.update();
  const hits = await bestImages(opened, queries, { k: topK, signal });
  await write(io.stdout, queries.map(({ name }, i) => formatHits(format, name, hits[i]!)).join(''));
  return failures();
}
