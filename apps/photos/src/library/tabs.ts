import type { Photo } from './photo.ts';
import type { Refusal } from './refusal.ts';

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
