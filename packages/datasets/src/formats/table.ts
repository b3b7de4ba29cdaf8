import type { Draft, Entry, ReadOptions } from '../read-samples.ts';
import type { Columns } from './columns.ts';

export interface TableOptions extends ReadOptions {
  readonly columns?: Columns;
  /**
   * Joins the captions of rows of one image, which stand one after the other, as in `image,caption` tables of Flickr8k.
   * All else is the first row's. Default `false`: an image in two rows is an error.
   */
  readonly rowPerCaption?: boolean;
}

/** Rows of a table as samples. A malformed row stays an entry of its own. */
export async function* tableEntries(
  rows: AsyncIterable<Entry>,
  { rowPerCaption = false }: TableOptions,
): AsyncGenerator<Entry> {
  let joined: { readonly where: string; readonly draft: Draft } | undefined;
  for await (const row of rows) {
    const draft = rowPerCaption ? await readable(row) : undefined;
    if (!draft) yield row;
    else if (joined && imageOf(joined.draft) === imageOf(draft)) {
      const captions = [...joined.draft.captions, ...draft.captions];
      joined = { ...joined, draft: { ...joined.draft, captions } };
    } else {
      if (joined) yield entryOf(joined);
      joined = { where: row.where, draft };
    }
  }
  if (joined) yield entryOf(joined);
}

/** Whoever reads a malformed row for a second time gets its error. */
async function readable(row: Entry): Promise<Draft | undefined> {
  try {
    return await row.read();
  } catch {
    return undefined;
  }
}

function imageOf({ image, id }: Draft): string {
  return typeof image === 'string' ? image : id;
}

function entryOf({ where, draft }: { readonly where: string; readonly draft: Draft }): Entry {
  return { where, read: () => draft };
}
