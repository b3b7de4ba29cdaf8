import type { Answered, Asked } from './thumbnail-worker.ts';

export interface Thumbnail {
  readonly thumbnail: Blob;
  /** Of the picture itself, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Makes small pictures in a worker of its own. */
export class Thumbnailer {
  readonly #worker = new Worker(new URL('./thumbnail-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, { resolve: (made: Thumbnail) => void; reject: (problem: Error) => void }>();
  #calls = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
      const waiting = this.#waiting.get(data.call);
      this.#waiting.delete(data.call);
      if ('problem' in data) waiting?.reject(new Error(data.problem));
      else waiting?.resolve(data);
    });
  }

  async make(file: Blob): Promise<Thumbnail> {
    const call = this.#calls++;
    this.#worker.postMessage({ call, file } satisfies Asked);
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
    });
  }
}
