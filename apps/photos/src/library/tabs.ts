import type { Collection } from './collection.ts';
import type { Photo } from './photo.ts';
import type { Refusal } from './refusal.ts';
import type { Vectors } from './vectors.ts';

/** What one tab tells the others, after the browser keeps it. */
export type News =
  | {
      readonly kind: 'kept';
      /** Key of the model that the rows are of. */
      readonly model: string;
      readonly photos: readonly Photo[];
      /** `[n, dim]` of the photos. */
      readonly rows: Float32Array;
      readonly refusals: readonly Refusal[];
    }
  | { readonly kind: 'removed'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'sources' };

const name = 'diptych-photos';

/** The tabs that show this library. One at a time embeds; all of them show what there is. */
export class Tabs {
  readonly #channel = new BroadcastChannel(name);

  constructor(onNews: (news: News) => void) {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<News>) => onNews(data));
  }

  tell(news: News): void {
    this.#channel.postMessage(news);
  }

  /**
   * Works while no other tab does.
   *
   * @param onWait Told whether another tab has to end first.
   * @throws The signal's reason, where it is aborted before.
   */
  async alone(signal: AbortSignal, work: () => Promise<void>, onWait: (waits: boolean) => void): Promise<void> {
    const { locks } = navigator;
    const isDone = await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
    if (isDone) return;
    onWait(true);
    try {
      await locks.request(name, { signal }, () => {
        onWait(false);
        return work();
      });
    } finally {
      onWait(false);
    }
  }
}

/**
 * What another tab stored or removed is shown here too.
 *
 * @param vectors Of the model that the rows are of, where it is open.
 * @returns Ids of what needs no embedding here any more.
 */
export function taken(
  news: Exclude<News, { readonly kind: 'sources' }>,
  collection: Collection,
  vectors: Vectors | undefined,
): Iterable<string> {
  if (news.kind === 'removed') {
    collection.drop(news.ids);
    vectors?.drop(news.ids);
    return news.ids;
  }
  collection.show(news.photos, news.refusals);
  vectors?.show(news.photos, news.rows);
  return vectors ? [...news.photos, ...news.refusals].map(({ id }) => id) : [];
}
