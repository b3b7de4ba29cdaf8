import type { WatchOptions } from '../commands/watch.ts';
import type { Change } from '../image-index/apply-changes.ts';
import { openSearch } from '../image-index/open-search.ts';
import { watchFolders } from '../image-index/watch-folders.ts';
import { type Io, write } from '../io.ts';
import { defaultFormat } from '../output/format.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';

/** Goes on until the user stops it. */
export async function watch(options: WatchOptions, io: Io): Promise<void> {
  const { images, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  const progress = terminalProgress(io, options.quiet);
  const { onFailure } = failureReport(progress);
  const say = async (event: Change | { readonly event: 'ready'; readonly images: number }) => {
    progress.makeWay();
    const what = 'path' in event ? event.path : `${event.images} images`;
    const line = format === 'table' ? `${event.event.padEnd(7)}  ${oneLine(what)}` : JSON.stringify(event);
    await write(io.stdout, `${line}\n`);
  };
  // Watched before they are listed: what happens in between is told.
  await using folders = await watchFolders(images, { signal, onFailure });
  await using search = await openSearch(options, io, progress, onFailure);
  await search.update();
  await say({ event: 'ready', images: search.index.keys.length });
  for await (const paths of folders.changes()) {
    for await (const change of search.apply(paths)) await say(change);
  }
}
