import { clusterMembers, clusters, suggestedClusters } from '@diptych/retrieval';
import type { ClusterOptions } from '../commands/cluster.ts';
import { groupNames } from '../image-index/group-names.ts';
import { linkGroups, requireLinkFolder } from '../image-index/link-groups.ts';
import { listedRows } from '../image-index/listed-rows.ts';
import { openSearch } from '../image-index/open-search.ts';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { shortFloat } from '../output/row-values.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';

/** What `--format jsonl` has in a line. */
interface Group {
  readonly name: string;
  /** Those nearest to the centre first. */
  readonly images: readonly { readonly path: string; readonly score: number }[];
}

/** Images of a group that a table tells. */
const few = 3;

/** @returns How many images failed. */
export async function cluster(options: ClusterOptions, io: Io): Promise<number> {
  const { images: operands = [], tags, links, seed, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  if (links !== undefined) await requireLinkFolder(links, operands);
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  await using search = await openSearch(options, io, progress, onFailure);
  await search.update();
  const { images, rows } = await listedRows(search);
  const count = Math.min(options.clusters ?? suggestedClusters(images.length), images.length);
  const found = await clusters(rows, count, { seed, signal });
  const names = await groupNames(search.space, found.centres, tags, signal);
  const groups = clusterMembers(found).map(({ centre, places }): Group => {
    const members = places.map((place) => ({ path: images[place]!.path, score: shortFloat(found.cosine[place]!) }));
    return { name: names[centre]!, images: members };
  });
  if (links !== undefined) await linkGroups(links, groups, signal);
  const shown = format === 'table' ? table(groups) : groups.map((group) => `${JSON.stringify(group)}\n`).join('');
  await write(io.stdout, shown);
  return failures();
}

function table(groups: readonly Group[]): string {
  return columns(
    'rll',
    groups.map(({ name, images }) => {
      const shown = images.slice(0, few).map(({ path }) => path);
      return [`${images.length}`, name, `${shown.join(', ')}${images.length > few ? ', ...' : ''}`];
    }),
  );
}
