import { searchedFiles } from '../file-kinds.ts';
import { bestImages } from '../image-index/best-images.ts';
import { openSearch } from '../image-index/open-search.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { formatHits } from '../output/hits.ts';
import { terminalProgress } from '../progress.ts';
import { embedQueries, type Query, requireQueries } from '../queries.ts';
import { failureReport } from '../report.ts';
import type { Space } from '../space.ts';
import type { SearchOptions } from '../commands/search.ts';

/** @returns How many files failed. */
export async function search(texts: readonly string[], options: SearchOptions, io: Io): Promise<number> {
  const { image = [], sound = [], topK, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  const searched = searchedFiles(options);
  const files = [...image, ...sound];
  await requireQueries(texts, files, searched);
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  const asked = { texts, files, kind: searched.kind };
  let queries: readonly Query[] = [];
  const embedAsked = async (space: Space) => void (queries = await embedQueries(space, asked, signal));
  await using opened = await openSearch(options, io, progress, onFailure, embedAsked);
  await opened.update();
  const hits = await bestImages(opened, queries, { k: topK, signal });
  await write(io.stdout, queries.map(({ name }, i) => formatHits(format, name, hits[i]!)).join(''));
  return failures();
}
